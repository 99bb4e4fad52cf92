"""Arrows where lines leave a panel."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from optlab.report.drawing.leaving import mark_leaving

X = np.arange(5.0)


@pytest.fixture
def axes():
    axes = Figure().add_subplot()
    axes.set_xlim(0, 4)
    axes.set_ylim(0, 1)
    return axes


def arrows(axes):
    return [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "^"]


def test_a_line_that_ends_inside_has_none(axes):
    mark_leaving(axes, {"sgd": (X, np.array([0.5, 3.0, 0.5, 0.2, 1.0]))})
    assert arrows(axes) == [] and not axes.texts


def test_it_stands_where_the_line_leaves_for_good_with_the_last_value(axes):
    mark_leaving(axes, {"sgd": (X, np.array([0.5, 3.0, 0.5, 1.5, 58432.0]))})
    assert arrows(axes) == [pytest.approx(2.5 / 4)]
    assert [text.get_text() for text in axes.texts] == ["5.8×10⁴"]


def test_a_line_that_is_nowhere_inside_has_one_at_its_beginning(axes):
    mark_leaving(axes, {"sgd": (X, X + 7.0)})
    assert arrows(axes) == [0.0]


def test_a_value_that_is_no_number_is_infinite(axes):
    mark_leaving(axes, {"sgd": (X, np.array([0.5, 0.6, 0.7, np.nan, np.nan]))})
    assert [text.get_text() for text in axes.texts] == ["∞"]


def test_several_values_do_not_cover_each_other(axes):
    rising = np.array([0.5, 2.0, 3.0, 4.0, 5.0])
    mark_leaving(axes, {"sgd": (X, rising), "adam": (X, rising)})
    heights = [text.xyann[1] for text in axes.texts]
    assert abs(heights[0] - heights[1]) >= 6
