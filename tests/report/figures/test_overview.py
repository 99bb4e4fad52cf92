from dataclasses import replace

import numpy as np

from optlab.analysis.study import study


def test_every_problem_and_optimizer_has_a_number(sweep, draw):
    results = sweep(optimizers={"sgd": (0.3, 0.05), "adam": (1.0, 0.1)}, rates=[0.1, 1.0], seeds=2)
    (axes,) = draw("overview", results).axes
    assert len(axes.texts) == 4


def test_one_problem_has_no_overview(sweep, drawings):
    assert drawings("overview", sweep(problems=("digits",), seeds=1)) == {}


def test_those_that_are_not_shown_to_differ_from_the_first_have_its_colour(sweep, draw):
    from matplotlib.colors import to_hex

    of = study(sweep(optimizers=["a", "b", "c"], seeds=6))
    vars(of)["summary"] = of.summary.assign(tied=of.summary.groupby("problem").cumcount() < 2)
    axes = draw("overview", of).axes[0]
    colors = {}
    for bar in axes.patches:
        row, column = round(bar.get_y() + 0.5), round(bar.get_x() + 0.5)
        problem, optimizer = sorted(of.problems)[row], ["a", "b", "c"][column]
        colors[problem, optimizer] = to_hex(bar.get_facecolor())
    for problem, part in of.summary.groupby("problem"):
        first, second, third = (colors[problem, name] for name in part["optimizer"])
        assert first == second != third


def test_a_gap_at_the_rounding_of_J_is_a_bound(sweep, draw):
    of = study(sweep(optimizers=["a", "b"], seeds=3))
    gaps = np.where((of.runs["optimizer"] == "a") & (of.runs["seed"] > 0), 1e-14, 1e-3)  # two seeds of three
    facts = {"optimum": 0.01, "optimum_gap": 1e-16, "least_gap": 1e-14, "final_gap": gaps}
    axes = draw("overview", replace(of, runs=of.runs.assign(**facts))).axes[0]
    assert sorted(text.get_text() for text in axes.texts) == [
        "0.00100",
        "0.00100",
        "≤ 1.0×10⁻¹⁴",
        "≤ 1.0×10⁻¹⁴",
    ]
