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
    assert "Seeds 0, 1 chose the setting; seeds 2, 3 judge it." in text
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


def test_each_test_is_told_with_its_number_of_pairs(sweep):
    text = told(sweep, seeds=4)
    assert "Pairs of optimizers: 1 not tested, with too few common seeds without a diverged run." in text
    assert "Wilcoxon" not in text and "multiple range" not in text
    text = told(sweep, seeds=6)
    assert "1 compared by a multiple range test of means [@welsch1977]." in text
    assert "Nemenyi" not in text


def test_friedman_and_nemenyi_are_told_where_there_are_several_problems(sweep):
    judged = study(sweep({"sgd": (0.3, 0.05), "adam": (1.0, 0.1)}, [0.1], seeds=3))
    assert "Mean ranks over 2 problems were compared by Friedman's test" in methods.methods(judged)


def test_what_optimizers_are_ranked_by_is_told_where_they_are_ranked(sweep):
    assert "Optimizers are ranked by the geometric mean over their common seeds." in told(sweep, seeds=8)
    assert "are ranked by" not in told(sweep, seeds=1)


def test_how_the_minimum_is_known_is_told_problem_by_problem(known):
    text = methods.methods(known)
    sentence = "The least training cost J* was computed apart from all runs and certified to within 1.0×10⁻¹⁶"
    assert sentence in text
    given = replace(known, runs=known.runs.assign(optimum_gap=float("nan")))
    assert "The least training cost J* was given." in methods.methods(given)
    unknown = replace(known, runs=given.runs.assign(optimum=float("nan")))
    assert "J*" not in methods.methods(unknown).replace("J − J*", "")
