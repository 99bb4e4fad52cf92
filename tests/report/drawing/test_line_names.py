"""Names beside the ends of lines."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from optlab.report.drawing import line_names

X = np.arange(5.0)


@pytest.fixture
def axes():
    axes = Figure().add_subplot()
    axes.set_xlim(0, 4)
    axes.set_ylim(0, 1)
    return axes


def heights(axes):
    return {text.get_text(): text.get_position()[1] for text in axes.texts}


def test_a_name_stands_at_the_height_where_its_line_ends(axes):
    line_names.write_names(axes, {"sgd": (X, 0 * X + 0.2), "adam": (X, 0 * X + 0.8)})
    assert heights(axes) == {"sgd": pytest.approx(0.2), "adam": pytest.approx(0.8)}


def test_names_do_not_cover_each_other(axes):
    lines = {f"method{n}": (X, 0 * X + 0.5 + 1e-2 * n) for n in range(12)}
    line_names.write_names(axes, lines)
    found = np.sort(list(heights(axes).values()))
    row = line_names.ROW / (axes.bbox.height / axes.figure.dpi)
    assert len(found) == 12 and np.diff(found).min() == pytest.approx(row)


def test_a_line_under_another_is_named_below_it_with_a_sign(axes):
    y = np.linspace(0.9, 0.3, 5)
    line_names.write_names(axes, {"newton": (X, y), "newton_cg": (X, y), "adam": (X, y[::-1])})
    assert list(heights(axes)) == ["adam", "newton", "= newton_cg"]


def test_a_line_that_ends_earlier_lies_under_none(axes):
    line_names.write_names(axes, {"newton": (X, 0 * X), "newton_cg": (X[:3], 0 * X[:3])})
    assert "= newton_cg" not in heights(axes)


def test_covered_lines_are_told_in_the_corner(axes):
    line_names.name_covered(axes, {"sgd": (X, X), "adam": (X, X), "newton": (X, 0 * X)})
    assert [text.get_text() for text in axes.texts] == ["sgd = adam"]


@pytest.mark.parametrize("heights", [[0.9, 0.5, 0.1], [1.0, 1.0, 1.0], [0.0, 0.0], [0.5]])
def test_places_are_in_order_far_enough_apart_and_inside(heights):
    places = line_names.spread(np.array(heights), 0.1)
    assert (-np.diff(places) >= 0.1 - 1e-12).all()
    assert places.min() >= 0 and places.max() <= 1
    if (-np.diff(heights) >= 0.1).all():
        np.testing.assert_allclose(places, heights)
