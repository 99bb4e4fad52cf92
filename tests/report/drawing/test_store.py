"""Figures as files."""

import re

import numpy as np
import pytest
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


@pytest.fixture(scope="module")
def final(sweep, draw):
    return draw("final", sweep(["sgd", "adam"], seeds=3))


def test_a_name_with_mathematics_in_it_is_plain_text(sweep, draw, tmp_path):
    results = sweep(optimizers=["a$_{b", "<b>&"], rates=[0.1, 1.0], seeds=2, problems=("digits",))
    store.save(draw("convergence", results), tmp_path, "f")
    assert "&lt;b&gt;&amp;" in (tmp_path / "f.svg").read_text("utf-8")


def test_fonts_are_embedded_as_truetype(final, tmp_path):
    store.save(final, tmp_path, "f")
    pdf = (tmp_path / "f.pdf").read_bytes()
    assert b"/Type42" in pdf or b"/CIDFontType2" in pdf
    assert b"/Type3" not in pdf


def test_inlined_figures_have_ids_of_their_own_and_the_colours_of_the_page(final, tmp_path):
    store.save(final, tmp_path, "f")
    svg = store.inline(tmp_path / "f.svg", "final")
    ids = set(re.findall(r'\bid="([^"]+)"', svg))
    assert all(name.startswith("final-") for name in ids)
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg)) <= ids
    assert "currentColor" in svg
    assert "<metadata>" not in svg
