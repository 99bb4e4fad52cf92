import bz2
import gzip
import io
import struct

import numpy as np
import pandas as pd
import pytest

from optlab.core.errors import UserError
from optlab.datasets.formats import decompress, read_bytes, read_csv, read_idx


def rows(*arguments, **options) -> list[list[str]]:
    """The cells that `read_csv` finds, row by row."""
    return [list(row) for row in zip(*read_csv(*arguments, **options).columns, strict=True)]


def idx(array: np.ndarray, code: int) -> bytes:
    head = struct.pack(f">HBB{array.ndim}I", 0, code, array.ndim, *array.shape)
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


@pytest.mark.parametrize(
    "code, dtype", [(8, "u1"), (9, "i1"), (11, "i2"), (12, "i4"), (13, "f4"), (14, "f8")]
)
def test_idx_gives_back_what_was_written_in_every_type(code, dtype):
    array = np.arange(24).reshape(2, 3, 4).astype(dtype)
    np.testing.assert_array_equal(read_idx(idx(array, code), "a.idx"), array)


GOOD = idx(np.zeros((3, 2), np.uint8), 8)


@pytest.mark.parametrize(
    "data, words",
    [
        (b"", "not an IDX file"),
        (b"PNG\x0d" + GOOD, "not an IDX file"),
        (b"\0\0\x07\x01" + GOOD, "not an IDX file"),
        (GOOD[:9], "header cut off after 9 of 12 bytes"),
        (GOOD[:-1], "17 bytes, but an IDX array of (3, 2) has 18"),
        (GOOD + b"\0", "19 bytes, but"),
    ],
)
def test_damaged_idx_is_refused_in_one_line_that_names_the_file(data, words):
    with pytest.raises(UserError) as refusal:
        read_idx(data, "train.idx")
    assert str(refusal.value).startswith("train.idx: ")
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_idx_header_that_claims_more_than_memory_is_refused():
    with pytest.raises(UserError, match="has 1844674406"):
        read_idx(struct.pack(">HBBII", 0, 8, 2, 2**32 - 1, 2**32 - 1), "a.idx")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, bytes])
def test_files_are_unpacked_by_what_they_hold(pack):
    assert decompress(pack(b"1,2\n"), "a.csv") == b"1,2\n"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_damaged_compressed_file_is_refused(pack):
    whole = pack(bytes(range(256)) * 20)
    for damaged in (whole[:-5], whole[:12], whole[:40] + b"\xff" * 40 + whole[80:]):
        with pytest.raises(UserError, match=r"^a\.gz: damaged compressed file"):
            decompress(damaged, "a.gz")


def test_a_missing_file_and_a_folder_are_refused_with_their_path(tmp_path):
    with pytest.raises(UserError, match=r"dataset\.path=.*nowhere\.csv: cannot be read \(No such file"):
        read_bytes(str(tmp_path / "nowhere.csv"))
    with pytest.raises(UserError, match=r"cannot be read \(Is a directory\)"):
        read_bytes(str(tmp_path))


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
    table = read_csv(text.encode(), "a.csv")
    assert len(table.lines) == text.count("\n") - header
    assert table.lines[0] == 1 + header


def test_a_first_line_that_holds_the_name_of_the_target_is_a_header():
    assert read_csv(b"0,1,y\n5,6,7\n", "a.csv", target="y").names == ["0", "1", "y"]


def test_header_can_be_told():
    assert read_csv(b"0,1\n5,6\n", "a.csv", header=True).names == ["0", "1"]
    assert rows(b"a,b\n5,6\n", "a.csv", header=False) == [["a", "b"], ["5", "6"]]


@pytest.mark.parametrize("delimiter, name", [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_delimiters_are_found_or_told(delimiter, name):
    data = "a,b,c\n1,2,3\n4,5,6\n".replace(",", delimiter).encode()
    expected = [["1", "2", "3"], ["4", "5", "6"]]
    assert rows(data, "a.csv") == rows(data, "a.csv", delimiter=name) == expected


def test_blank_lines_quotes_byte_order_mark_and_windows_line_ends_are_read():
    data = '\ufeffa,"b, c"\r\n\r\n1,"x ""y"""\r\n 2 , z\r\n'.encode()
    table = read_csv(data, "a.csv")
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
    assert read_csv(data, "diabetes.csv").names == list(pd.read_csv(io.BytesIO(data)).columns)


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
        read_csv(data, "a.csv")
    assert words in str(refusal.value)
    assert ";" in str(refusal.value), "no remedy"
