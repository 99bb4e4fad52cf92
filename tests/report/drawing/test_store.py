"""Figures as files."""

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from optlab.report.drawing import store
from optlab.report.drawing.style import VERMILION


def test_a_png_keeps_the_colour_of_the_smallest_mark_and_of_flat_areas(tmp_path):
    figure = Figure(figsize=(3, 3), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.imshow(np.random.default_rng(0).random((40, 40, 3)), extent=(0, 1, 0, 0.6), aspect="auto")
    axes.axhspan(0.7, 0.9, color="#fbe7db")
    axes.plot([0.5], [0.8], color=VERMILION, marker="o", markersize=3)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    store.save(figure, tmp_path, "many")
    with Image.open(tmp_path / "many.png") as image:
        assert image.mode == "P"
        colors = {color for _, color in image.convert("RGB").getcolors(1 << 16)}
    assert {(0xFB, 0xE7, 0xDB), tuple(bytes.fromhex(VERMILION[1:]))} <= colors
