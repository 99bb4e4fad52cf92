"""The frame that figures share."""

import pytest

from optlab.report.drawing import panels

NAMES = ["pima · logistic · l2=0", "pima · logistic · l2=1", "moons · logistic"]


@pytest.mark.parametrize(
    ("problem", "problems", "title"),
    [
        (NAMES[0], NAMES[:1], NAMES[0]),
        (NAMES[0], NAMES[:2], "l2=0"),
        (NAMES[0], NAMES, "pima · l2=0"),
        (NAMES[2], NAMES, "moons"),
        ("pima", ["pima", "pima · l2=1"], "pima"),
    ],
)
def test_a_panel_is_titled_with_what_tells_its_problem_from_the_others(problem, problems, title):
    assert panels.title(problem, problems) == title


def test_a_long_title_leaves_out_what_the_rest_of_it_tells():
    budgets = ("epochs=10 · max_steps=null", "epochs=null · max_steps=500")
    names = [f"pima · logistic · {budget} · tolerance={t}" for budget in budgets for t in ("null", "1e-06")]
    assert panels.title(names[0], names) == "epochs=10 · max_steps=null · tolerance=null"
    titles = [panels.title(name, names, most=30) for name in names]
    assert titles[1:3] == ["epochs=10 · tolerance=1e-06", "epochs=null · tolerance=null"]
    assert len(set(titles)) == len(names)


def test_a_long_title_is_clipped():
    assert panels.title("a" * 50, ["a" * 50], most=10) == "a" * 9 + "…"
