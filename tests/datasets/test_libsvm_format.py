"""The LIBSVM reader: scikit-learn's numbers, and the file and line of every mistake."""

import io

import numpy as np
import pytest
from sklearn.datasets import load_svmlight_file

from optlab.core.errors import UserError
from optlab.datasets import libsvm_format
from optlab.datasets.libsvm_format import read_libsvm

TEXT = b"""+1 3:1 11:0.5\t14:-2e-3  # a comment

-1
# only a comment
2.5 1:1e2 2:7 \r
-1 2:.5"""


@pytest.fixture(params=["at once", "line by line"])
def read(request, monkeypatch):
    """The reader by either of its ways."""
    if request.param == "line by line":
        monkeypatch.setattr(libsvm_format, "_at_once", lambda data: None)
    return read_libsvm


def test_labels_features_and_lines_are_found(read):
    rows = read(TEXT, "a.txt")
    assert rows.labels.tolist() == [1, -1, 2.5, -1]
    assert rows.starts.tolist() == [0, 3, 3, 5, 6]
    assert rows.columns.tolist() == [2, 10, 13, 0, 1, 1]
    assert rows.values.tolist() == [1, 0.5, -2e-3, 100, 7, 0.5]
    assert rows.lines.tolist() == [1, 3, 5, 6]
    assert rows.width == 14
    assert [array.dtype.name for array in rows] == ["float64", "float64", "int32", "int64", "int64"]


def test_random_numbers_come_back_bit_for_bit_as_scikit_learn_reads_them(read):
    rng = np.random.default_rng(0)
    lines = []
    for _ in range(50):
        indices = np.flatnonzero(rng.random(30) < 0.2) + 1
        values = rng.normal(size=len(indices)) * 10.0 ** rng.integers(-300, 300, len(indices))
        words = [f"{i}:{v!r}" for i, v in zip(indices.tolist(), values.tolist(), strict=True)]
        lines.append(" ".join([str(rng.integers(3)), *words]))
    data = "\n".join(lines).encode()
    rows = read(data, "a.txt")
    x, y = load_svmlight_file(io.BytesIO(data))
    np.testing.assert_array_equal(rows.labels, y)
    np.testing.assert_array_equal(rows.values, x.data)
    np.testing.assert_array_equal(rows.columns, x.indices)
    np.testing.assert_array_equal(rows.starts, x.indptr)


def test_what_is_sound_is_read_at_once(monkeypatch):
    monkeypatch.setattr(libsvm_format, "_line_by_line", None)
    assert len(read_libsvm(TEXT, "a.txt").labels) == 4


@pytest.mark.parametrize(
    "data, words",
    [
        (b"1 1:1\n1 0:1\n", "line 2: index 0 in '0:1'; indices begin at 1"),
        (b"1 -3:1\n", "line 1: index -3 in '-3:1'"),
        (b"1 99999999999:1\n", "line 1: index 99999999999"),
        (b"\n1 3:1 2:1\n", "line 2: index 2 comes after index 3"),
        (b"1 2:1 2:1\n", "line 1: index 2 stands twice"),
        (b"1 2:x\n", "line 1: value 'x' is not a finite number"),
        (b"1 2:\n", "line 1: value '' is not a finite number"),
        (b"1 2:1+5\n", "line 1: value '1+5' is not"),
        (b"1 2:nan\n", "line 1: value 'nan' is not"),
        (b"1 2:1e999\n", "line 1: value '1e999' is not"),
        (b"a 2:1\n", "line 1: label 'a' is not"),
        (b"1,2 2:1\n", "line 1: label '1,2' is not"),
        (b"3:1 2:1\n", "line 1: label '3:1' is not"),
        (b"1 2:1:3\n", "line 1: value '1:3' is not"),
        (b"1 1.5:1\n", "line 1: '1.5:1' is not INDEX:VALUE"),
        (b"1 qid:7 1:1\n", "line 1: 'qid:7' is not INDEX:VALUE"),
        (b"1 2\n", "line 1: '2' is not INDEX:VALUE"),
        (b"1 2:1 3\n1:2 1:5\n", "line 1: '3' is not INDEX:VALUE"),
        (b"1 2:1\n\xff 2:1\n", "line 2: label"),
        (b"1,2,3\n4,5,6\n", "line 1: label '1,2,3' is not"),
        (b"", "no samples"),
        (b" \n# nothing\n", "no samples"),
        (b"1\n-1\n", "no sample has a feature"),
        (b"1 1:1 67108865:1\n", "line 1: index 67108865 in '67108865:1' is above 67,108,864"),
    ],
)
def test_bad_text_is_refused_in_one_line_that_names_the_place(data, words):
    with pytest.raises(UserError) as refusal:
        read_libsvm(data, "a.txt")
    assert str(refusal.value).startswith("a.txt") and words in str(refusal.value)
    assert ";" in str(refusal.value), "no remedy"
    assert "\n" not in str(refusal.value)
