"""The frame that figures share."""

import pytest

from optlab.report import panels

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


def test_a_long_title_is_clipped():
    assert panels.title("a" * 50, ["a" * 50], most=10) == "a" * 9 + "…"
