"""Samples of lines and markers on the page."""

from xml.etree import ElementTree

import pytest

from optlab.report.drawing.sample import sample
from optlab.report.drawing.style import LOOKS


@pytest.mark.parametrize("name", [*LOOKS, "<mine>"])
def test_a_sample_is_a_line_and_a_marker_in_the_colour_of_the_method(name):
    line, marker = ElementTree.fromstring(sample(name))
    assert line.get("stroke") == marker.get("fill")
    assert marker.get("d").endswith("Z")


def test_dashes_are_those_of_the_figures():
    line, _ = ElementTree.fromstring(sample("adamw"))
    assert line.get("stroke-dasharray") == "7.5 2.4"


def test_no_two_methods_have_the_same_sample():
    assert len({sample(name) for name in LOOKS}) == len(LOOKS)
