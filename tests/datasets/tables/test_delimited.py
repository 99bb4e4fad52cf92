import io

import pandas as pd
import pytest

from optlab.core.errors import UserError
from optlab.datasets.tables.delimited import read_delimited


def rows(*arguments, **options) -> list[list[str]]:
    """The cells that `read_delimited` finds, row by row."""
    return [list(row) for row in zip(*read_delimited(*arguments, **options).columns, strict=True)]


@pytest.mark.parametrize(
    "text, header",
    [
        ("a,b,class\n1,2,x\n3,4,y\n", True),
        ("1,2,x\n3,4,y\n", False),
        ("colour,size\nred,big\nblue,big\n", True),
        ("red,big\nblue,big\n", False),
        (",a,class\n0,1,x\n1,2,y\n", True),
    ],
)
def test_a_header_is_recognised(text, header):
    table = read_delimited(text.encode(), "a.csv")
    assert len(table.lines) == text.count("\n") - header
    assert table.lines[0] == 1 + header


def test_a_first_line_that_holds_the_name_of_the_target_is_a_header():
    assert read_delimited(b"0,1,y\n5,6,7\n", "a.csv", target="y").names == ["0", "1", "y"]


def test_header_can_be_told():
    assert read_delimited(b"0,1\n5,6\n", "a.csv", header=True).names == ["0", "1"]
    assert rows(b"a,b\n5,6\n", "a.csv", header=False) == [["a", "b"], ["5", "6"]]


@pytest.mark.parametrize("delimiter, name", [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_delimiters_are_found_or_told(delimiter, name):
    data = "a,b,c\n1,2,3\n4,5,6\n".replace(",", delimiter).encode()
    expected = [["1", "2", "3"], ["4", "5", "6"]]
    assert rows(data, "a.csv") == rows(data, "a.csv", delimiter=name) == expected


def test_blank_lines_quotes_byte_order_mark_and_windows_line_ends_are_read():
    data = '\ufeffa,"b, c"\r\n\r\n1,"x ""y"""\r\n 2 , z\r\n'.encode()
    table = read_delimited(data, "a.csv")
    assert table.names == ["a", "b, c"]
    assert rows(data, "a.csv") == [["1", 'x "y"'], ["2", "z"]]
    assert table.lines == [3, 4]


@pytest.mark.parametrize("name", ["german", "sonar", "ionosphere", "banknote_authentication"])
def test_the_same_cells_as_pandas(real_file, name):
    data = real_file(f"uci/{name}.csv").read_bytes()
    expected = pd.read_csv(io.BytesIO(data), header=None, dtype=str)
    assert rows(data, name) == expected.values.tolist()


def test_the_same_header_as_pandas(real_file):
    data = real_file("diabetes.csv").read_bytes()
    assert read_delimited(data, "diabetes.csv").names == list(pd.read_csv(io.BytesIO(data)).columns)


@pytest.mark.parametrize(
    "data, words",
    [
        (b"1,2,3\n4,5\n", "a.csv, line 2: 2 cells, but 3 in the first line"),
        (b"1,2\n\n4,5,6\n", "a.csv, line 3: 3 cells"),
        (b"", "a.csv: no rows"),
        (b"\n\n", "a.csv: no rows"),
        (b"a,b\n", "a.csv: no rows below the header"),
        (b"a,b,a\n1,2,3\n", "a.csv, line 1: two columns are called 'a'"),
        (b"1,2\n\xff\xfe,3\n", "a.csv, line 2: not UTF-8"),
        (b'1,2\n"3,4\n5,6\n', "a.csv, line 3: not CSV"),
    ],
)
def test_bad_text_is_refused_in_one_line_that_names_the_place(data, words):
    with pytest.raises(UserError) as refusal:
        read_delimited(data, "a.csv")
    assert words in str(refusal.value)
    assert ";" in str(refusal.value), "no remedy"
