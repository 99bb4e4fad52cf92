"""Cells are told apart at once exactly as one by one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optlab.core.errors import UserError
from optlab.datasets.tables.rows import columns_at_once, refuse_ragged, rows_of

CELL = st.text(alphabet="ab1 .\"'\t;,|\x1c\x0b", max_size=4)
LINE = st.lists(CELL, min_size=1, max_size=3)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@given(lines=st.lists(LINE, min_size=1, max_size=4), quoted=st.booleans())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_both_ways_give_the_same_cells(separator, lines, quoted):
    mark = '"' * quoted
    text = "\n".join(separator.join(f"{mark}{cell}{mark}" for cell in line) for line in lines)
    columns = columns_at_once(text, separator)
    if columns is not None:
        rows, numbers = rows_of(text, "t", separator)
        refuse_ragged(rows, numbers, "t")
        assert columns == [list(column) for column in zip(*rows, strict=True)]
        assert numbers == list(range(1, len(columns[0]) + 1))


def test_a_simple_table_is_read_at_once():
    assert columns_at_once('a,"b;c"\n1, 2 \n', ",") == [["a", "1"], ["b;c", "2"]]


@pytest.mark.parametrize(
    "text", ["", "\na,b\n", "a,b\n\n1,2\n", 'a,"b"c\n', 'a, "b"\n', "a,b\n1\n", "é,b\n", "a\n \n"]
)
def test_other_texts_are_left_to_the_reader_that_names_lines(text):
    assert columns_at_once(text, ",") is None


def test_a_ragged_line_is_named():
    rows, lines = rows_of("a,b\n\n1,2,3\n", "t", ",")
    with pytest.raises(UserError, match="t, line 3: 3 cells, but 2 in the first line"):
        refuse_ragged(rows, lines, "t")
