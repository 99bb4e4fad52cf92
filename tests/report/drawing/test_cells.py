"""Tables of coloured cells."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from optlab.report.drawing import cells
from optlab.report.drawing.style import DARK, INK, LIGHT, PAPER, RULE


def test_texts_stand_in_their_cells_in_a_colour_that_can_be_read():
    axes = Figure().add_subplot()
    values, texts = np.array([[0.0, 1.0], [np.nan, 0.9]]), np.array([["a", "b"], ["c", "d"]])
    cells.draw_cells(axes, values, texts, cmap="Blues", vmin=0, vmax=1)
    drawn = {text.get_text(): (text.get_position(), text.get_color()) for text in axes.texts}
    assert drawn == {"a": ((0.5, 0.5), DARK), "b": ((1.5, 0.5), LIGHT), "d": ((1.5, 1.5), LIGHT)}


@pytest.mark.parametrize(
    ("color", "ink"),
    [("#fefefe", DARK), ("#000000", LIGHT), ((0.0, 0.0, 1.0, 0.1), INK), (RULE, INK), (PAPER, INK)],
)
def test_letters_stand_out_from_their_ground(color, ink):
    assert cells.ink_on(color) == ink
