from dataclasses import replace

from optlab.analysis.study import study
from optlab.report.page.checklist import checklist, latex


def test_the_answers_are_those_of_the_tables(sweep):
    results = sweep({"sgd": (0.3, 0.05), "adam_w": (1.0, 0.1)}, [0.1, 1.0], 8, problems=("digits",))
    results = replace(results, provenance={"machine": {"cpu": "Z80", "cores": 2}})
    told = dict(checklist(study(results)))
    assert told["Number of trials"] == "2 settings of each method on each problem."
    assert told["Number of repetitions"].startswith("8 seeds (0, 1, 2, 3, 4, 5, 6, 7).")
    assert told["Number of repetitions"].endswith("Methods are judged on 4 seeds.")
    assert told["Selection rule"].endswith("Seeds 0, 1, 2, 3 chose the setting; seeds 4, 5, 6, 7 judge it.")
    assert told["Error bars"].endswith("Bands are the lowest and the highest value.")
    assert told["Compute"].startswith(
        f"{len(results.runs)} runs, {results.runs['steps'].sum():,} steps in all."
    )
    assert told["Compute"].endswith("Machine: Z80, 2 cores.")
    assert r"adam\_w" in latex(checklist(study(results)))


def test_exact_intervals_are_called_so(sweep):
    results = sweep(["sgd", "adam"], [0.1, 1.0], 12, problems=("digits",))
    told = dict(checklist(study(results)))
    assert "medians over 6 seeds with 96.9 % intervals. Bands are exact intervals" in told["Error bars"]


def test_one_seed_has_no_error_bars(sweep):
    told = dict(checklist(study(sweep(["sgd"], [0.1], 1, problems=("digits",)))))
    assert told["Error bars"] == "There are none: every method was judged on one seed."
