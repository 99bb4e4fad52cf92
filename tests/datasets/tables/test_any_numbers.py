"""Any table of numbers, in five notations, is read right or refused: never wrong, never with a traceback."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optlab.core.errors import UserError
from optlab.datasets.csv import csv

NOTATIONS = {  # mark between thousands, before decimals, and between cells
    "plain": ("", ".", ","),
    "english": (",", ".", ","),
    "german": (".", ",", ";"),
    "french": ("\u202f", ",", "\t"),
    "swiss": ("'", ".", ";"),
}
SAMPLES = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def written(number: Decimal, thousands: str, decimal: str) -> str:
    """A number in a notation; quoted, as a separator may stand in it."""
    return '"' + f"{number:,f}".translate({ord(","): thousands, ord("."): decimal}) + '"'


@st.composite
def tables(draw: st.DrawFn) -> list[list[Decimal]]:
    """Rows of numbers, each column with decimals of its own."""
    places = draw(st.lists(st.integers(0, 6), min_size=1, max_size=4))
    n = draw(st.integers(2, 12))
    whole = st.integers(-(10**9), 10**9)
    return [[draw(whole) * Decimal(1).scaleb(-p) for p in places] for _ in range(n)]


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("has_header", [True, False])
@given(rows=tables())
@SAMPLES
def test_a_table_of_numbers_is_read_right_or_refused(tmp_path, notation, has_header, rows):
    thousands, decimal, separator = NOTATIONS[notation]
    lines = [
        separator.join([*(written(number, thousands, decimal) for number in row), "yes" if k % 2 else "no"])
        for k, row in enumerate(rows)
    ]
    if has_header:
        lines.insert(0, separator.join([*(f"column {j}" for j in range(len(rows[0]))), "label"]))
    path = tmp_path / "t.csv"
    path.write_text("\n".join(lines), "utf-8")
    try:
        raw = csv(path=str(path))
    except UserError as refusal:
        assert "\n" not in str(refusal)
        assert ";" in str(refusal), "no remedy"
    else:
        expected = np.array([[float(number) for number in row] for row in rows])
        np.testing.assert_array_equal(raw.x, expected)
        assert raw.y.tolist() == [k % 2 for k in range(len(rows))]


@given(text=st.text(max_size=200), encoding=st.sampled_from(["utf-8", "utf-16", "auto", "cp1252"]))
@SAMPLES
def test_any_text_is_read_or_refused(tmp_path, text, encoding):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        raw = csv(path=str(path), encoding=encoding)
    except UserError as refusal:
        assert "\n" not in str(refusal)
    else:
        assert len(raw.x) == len(raw.y) > 0


CELLS = st.sampled_from(
    [
        "",
        "1",
        "0",
        "-1",
        "01",
        "1.5",
        "1,5",
        "1.500",
        "1,500",
        "1.234,5",
        "$5",
        "5 %",
        "x",
        "Yes",
        "yes",
        "NaN",
        "2024-01-05",
        "5/6/2024",
        "20240105",
        "<5",
        "5 kg",
        "1e5",
        "1e999",
        "?",
        "1_0",
        "'7'",
        "(5)",
        "1 000",
    ]
)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["a", "b"])), min_size=2, max_size=8),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    missing=st.sampled_from(["refuse", "mean", "drop"]),
    dates=st.sampled_from(["refuse", "days", "ignore"]),
    decimal=st.sampled_from(["auto", "point", "comma"]),
    thousands=st.sampled_from(["auto", "none", "comma", "point"]),
    drop_first=st.booleans(),
)
@SAMPLES
def test_any_cells_are_read_or_refused(tmp_path, rows, separator, **options):
    path = tmp_path / "t.csv"
    path.write_text("\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows), "utf-8")
    try:
        raw = csv(path=str(path), **options)
    except UserError as refusal:
        assert "\n" not in str(refusal)
    else:
        assert raw.x.shape[1] == len(raw.features) > 0
        assert np.isfinite(raw.x).all() or raw.impute
