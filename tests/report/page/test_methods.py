from dataclasses import replace

from optlab.analysis.study import study
from optlab.report.page import methods


def told(sweep, **options):
    record = {"versions": {"optlab": "1.2", "numpy": "2.0", "pandas": "3"}, "machine": {"cpu": "A & B"}}
    results = sweep({"sgd": (0.3, 0.05), "adam": (1.0, 0.1)}, [0.1, 1.0], problems=["digits"], **options)
    return methods.methods(study(replace(results, provenance=record)))


def test_the_numbers_are_filled_in(sweep):
    text = told(sweep, seeds=4)
    assert "sgd [@robbins1951] and adam [@kingma2015] on digits [@alpaydin1998]" in text
    assert "at 2 settings, with learning rates from 0.1 to 1, each on 4 seeds: 16 runs in all" in text
    assert "full batch, at most 100 epochs, split 20 % validation and 20 % test" in text
    assert "chosen on the seeds 0, 1 and is judged on the others (2, 3)" in text
    assert "optlab 1.2, numpy 2.0 on A & B" in text


def test_with_one_seed_no_test_is_claimed(sweep):
    text = told(sweep, seeds=1)
    assert "With one seed" in text
    assert "Wilcoxon" not in text


def test_citations_become_names_or_commands_and_stand_in_the_bibliography(sweep):
    text = told(sweep, seeds=2)
    assert "adam (Kingma and Ba, 2015)" in methods.readable(text)
    latex = methods.latex(text)
    assert r"adam~\cite{kingma2015}" in latex and r"A \& B" in latex and "@" not in latex
    keys = methods.keys(text)
    assert all(f"{{{key},\n" in methods.bibliography(text) for key in keys)
    assert methods.bibliography(text).count("@") == len(keys)
