"""Axes that can be read."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from optlab.report.drawing import scales


@pytest.fixture
def axes():
    return Figure().add_subplot()


def labels(axes, which):
    axes.figure.draw_without_rendering()
    low, high = sorted(getattr(axes, f"get_{which}lim")())
    ticks = getattr(axes, f"get_{which}ticks")()
    texts = [label.get_text() for label in getattr(axes, f"get_{which}ticklabels")()]
    return [text for tick, text in zip(ticks, texts, strict=True) if low <= tick <= high]


def test_powers_of_ten_stand_beside_the_numbers_of_an_axis(axes):
    axes.set_xlim(0, 6e8)
    axes.set_ylim(4.4e-13, 4.9e-13)
    scales.linear_axis(axes, "x")
    scales.linear_axis(axes, "y")
    assert "2×10⁸" in labels(axes, "x")
    assert "4.6×10⁻¹³" in labels(axes, "y")
    assert not axes.xaxis.get_offset_text().get_text() and not axes.yaxis.get_offset_text().get_text()


@pytest.mark.parametrize(("low", "high", "first"), [(1e-12, 1.0, "10"), (0.01, 1.0, "0.01")])
def test_an_axis_has_one_format(axes, low, high, first):
    axes.set_ylim(low, high)
    scales.log_axis(axes, "y")
    texts = labels(axes, "y")
    assert texts[0].startswith(first)
    assert len({"10" in text and text != "10" for text in texts}) == 1


def test_an_axis_from_zero_begins_with_zero(axes):
    scales.log_axis_from_zero(axes, 1.0, 1e3)
    axes.set_xlim(0, 1e3)
    assert labels(axes, "x") == ["0", "1", "10", "100", "1000"]


@pytest.mark.parametrize("data", [(0.7, 0.99), (0.02, 0.5), (0.9, 1.0)])
def test_shares_end_at_0_and_1(axes, data):
    axes.set_ylim(data[0] - 0.1, data[1] + 0.1)
    scales.share_axis(axes, "y")
    low, high = axes.get_ylim()
    assert -0.05 < low <= data[0] and data[1] <= high < 1.05
    assert all(0 <= tick <= 1 for tick in axes.get_yticks())


def test_small_positive_numbers_are_drawn_where_matplotlib_can_divide_by_them():
    np.testing.assert_array_equal(scales.visible([1e-320, 0.0, -1.0, 2.0]), [scales.SMALLEST, 0, -1, 2])


def test_a_logarithm_helps_positive_numbers_that_span_much():
    assert scales.log_helps([1, 10, np.inf])
    assert not scales.log_helps([1, 2]) and not scales.log_helps([0, 10]) and not scales.log_helps([])
