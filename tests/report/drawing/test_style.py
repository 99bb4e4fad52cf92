from typing import get_args

import pytest
from matplotlib.colors import to_rgb

from optlab.optimizers import REGISTRY
from optlab.optimizers.rule import Family
from optlab.report.drawing import style
from optlab.report.drawing.style import LOOKS, in_order, look

DARK_PAGE = "#15171b"  # of page.css


def luminance(color):
    """Relative luminance of WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("color", style.COLORS)
@pytest.mark.parametrize("ground", [style.PAPER, DARK_PAGE])
def test_every_colour_stands_out_from_paper_and_from_a_dark_page(color, ground):
    assert contrast(color, ground) >= 3  # WCAG 2.2, success criterion 1.4.11; ink takes the page's own colour


def test_no_two_methods_look_the_same():
    looks = [look(name) for name in REGISTRY.names()]
    assert len({(one.color, one.marker) for one in looks}) == len(looks)
    assert len({(one.color, str(one.dash)) for one in LOOKS.values()}) == len(LOOKS)


def test_every_family_has_a_hue_of_its_own():
    assert set(style.HUES) == set(get_args(Family))
    assert len(set(style.HUES.values())) == len(style.HUES)


def test_the_look_of_an_unknown_name_depends_on_the_name_alone():
    assert look("mine") == look("mine")
    assert look("mine") != look("yours")


def test_textbook_methods_come_first_and_others_by_alphabet():
    assert in_order(["zeta", "adam", "beta", "sgd", "adam"]) == ["sgd", "adam", "beta", "zeta"]
