"""Malformed files in LIBSVM's format and in IDX, by kind; and generated data of any size."""

import struct

import numpy as np
import pytest

from optlab.core import memory
from optlab.core.errors import UserError
from optlab.datasets import load
from optlab.datasets.idx import read_idx
from optlab.datasets.libsvm import libsvm

GOOD = "1 1:0.5 3:2\n-1 2:1\n1 3:4\n"

MALFORMED = {
    "label with underscore": ("1_0 1:1\n-1 1:2\n", "line 1: label '1_0' is not a finite number"),
    "label that is a text": ("spam 1:1\nham 1:2\n", "line 1: label 'spam' is not a finite number"),
    "several labels": ("1,2 1:1\n-1 1:2\n", "line 1: label '1,2' is not a finite number"),
    "infinite label": ("inf 1:1\n-1 1:2\n", "line 1: label 'inf' is not a finite number"),
    "label that is too large": (
        "9007199254740993 1:1\n1 1:2\n",
        "line 1: label 9007199254740992 is too large",
    ),
    "endless label": ("9" * 5000 + " 1:1\n1 1:2\n", "line 1: label '999"),
    "one class": ("7 1:1\n7 1:2\n", "one class only ('7')"),
    "value with underscore": ("1 1:1_0\n-1 1:2\n", "line 1: value '1_0' is not a finite number"),
    "value with decimal comma": ("1 1:1,5\n-1 1:2\n", "line 1: value '1,5' is not a finite number"),
    "hexadecimal value": ("1 1:0x10\n-1 1:2\n", "line 1: value '0x10' is not a finite number"),
    "infinite value": ("1 1:1\n-1 1:inf\n", "line 2: value 'inf' is not a finite number"),
    "value of no number": ("1 1:nan\n-1 1:2\n", "line 1: value 'nan' is not a finite number"),
    "exponent too large": ("1 1:1e400\n-1 1:2\n", "line 1: value '1e400' is not a finite number"),
    "two signs": ("1 1:--1\n-1 1:2\n", "line 1: value '--1' is not a finite number"),
    "missing value": ("1 1:\n-1 1:2\n", "line 1: value '' is not a finite number"),
    "index 0": ("1 0:1\n-1 1:2\n", "line 1: index 0 in '0:1'; indices begin at 1"),
    "negative index": ("1 -3:1\n-1 1:2\n", "line 1: index -3 in '-3:1'"),
    "index with underscore": ("1 1_0:1\n-1 1:2\n", "line 1: '1_0:1' is not INDEX:VALUE"),
    "index in other digits": ("1 ٣:1\n-1 1:2\n", "is not INDEX:VALUE"),
    "fraction as index": ("1 1.5:1\n-1 1:2\n", "line 1: '1.5:1' is not INDEX:VALUE"),
    "index too large": ("1 99999999:1\n-1 1:2\n", "line 1: index 99999999 in '99999999:1' is above"),
    "index beyond 64 bits": (f"1 {10**30}:1\n-1 1:2\n", "is not INDEX:VALUE"),
    "endless index": (f"1 {'9' * 5000}:1\n-1 1:2\n", "is not INDEX:VALUE"),
    "indices that fall": ("1 3:1 2:1\n-1 1:2\n", "line 1: index 2 comes after index 3"),
    "index twice": ("1 3:1 3:1\n-1 1:2\n", "line 1: index 3 stands twice"),
    "word without colon": ("1 1:1 7\n-1 1:2\n", "line 1: '7' is not INDEX:VALUE"),
    "two colons": ("1 1:1:1\n-1 1:2\n", "line 1: value '1:1' is not a finite number"),
    "blank before the colon": ("1 1 :1\n-1 1:2\n", "line 1: '1' is not INDEX:VALUE"),
    "query id": ("1 qid:3 1:1\n-1 qid:4 1:2\n", "line 1: 'qid:3' is not INDEX:VALUE"),
    "a table": ("a,b\n1,2\n", "line 1: label 'a,b' is not a finite number"),
    "no features": ("1\n-1\n", "no sample has a feature"),
    "no samples": ("\n# nothing\n", "no samples"),
    "empty": ("", "no samples"),
    "NUL": ("1 1:1\0\n-1 1:2\n", "holds NUL bytes"),
    "UTF-16": ("1 1:1\n-1 1:2\n".encode("utf-16"), "holds NUL bytes"),
    "bytes": (b"\xff\xfe\xfd 1:1\n", "is not a finite number"),
    "a web page": ("<!doctype html><html></html>", "a web page, which optlab does not read"),
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "t.svm"


SOUND_WITH_MORE = {"one class", "no features", "no samples", "empty"}


@pytest.mark.parametrize(
    "kind, after",
    [*((kind, "") for kind in MALFORMED), *((k, GOOD) for k in MALFORMED if k not in SOUND_WITH_MORE)],
)
def test_malformed_sparse_files_are_refused_with_their_line(path, kind, after):
    content, words = MALFORMED[kind]
    data = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(data + after.encode())
    with pytest.raises(UserError) as refusal:
        libsvm(path=str(path))
    message = str(refusal.value)
    assert words in message and ";" in message
    assert "\n" not in message and len(message) < 400


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(" ", "\t"),
        GOOD.replace(" ", "  "),
        GOOD.replace("\n", " \n\n"),
        "# a comment\n" + GOOD.replace("\n", " # more\n"),
        GOOD.replace("1 1:0.5", "+1.0 1:5e-1"),
        GOOD.rstrip("\n"),
    ],
)
def test_the_same_samples_in_any_layout(path, content):
    path.write_bytes(content.encode())
    raw = libsvm(path=str(path))
    np.testing.assert_array_equal(raw.x.toarray(), [[0.5, 0, 2], [0, 1, 0], [0, 0, 4]])
    assert (raw.classes, raw.y.tolist()) == (("-1", "1"), [1, 0, 1])


def test_labels_have_all_their_digits(path):
    path.write_text("1234567 1:1\n1234568 1:2\n0.1234567 1:2\n")
    assert libsvm(path=str(path)).classes == ("0.1234567", "1234567", "1234568")


@pytest.mark.parametrize("options", [{}, {"n_features": 2**26}])
def test_more_features_than_memory_holds_are_refused_before_they_are_made(monkeypatch, path, options):
    monkeypatch.setattr(memory, "available", lambda: 8e9)
    path.write_text(GOOD if options else f"1 {2**26}:1\n-1 1:1\n")
    with pytest.raises(UserError, match=r"67108864: takes 13\.4 GB of memory, but only 4\.0 GB is free; "):
        libsvm(path=str(path), **options)


def idx(code: int, *shape: int, content: bytes = b"") -> bytes:
    return struct.pack(f">HBB{len(shape)}I", 0, code, len(shape), *shape) + content


IDX = {
    "nothing": b"",
    "three bytes": b"\0\0\x08",
    "other beginning": b"\1\0\x08\1" + bytes(8),
    "a gzip's beginning": b"\x1f\x8b\x08\0" + bytes(8),
    "unknown type": idx(0x0A, 2, content=b"12"),
    "no dimension": idx(8),
    "header cut off": idx(8, 2, 3)[:7],
    "too few values": idx(8, 2, 3, content=b"12345"),
    "too many values": idx(8, 2, 3, content=b"1234567"),
    "half a value": idx(0x0D, 2, content=b"1234567"),
    "dimensions beyond memory": idx(8, 2**32 - 1, 2**32 - 1),
    "255 dimensions": idx(8, *[1] * 254),
    "product beyond 64 bits": idx(0x0E, *[2**32 - 1] * 4),
    "zero rows but values": idx(8, 0, 5, content=b"1"),
}


@pytest.mark.parametrize("kind", IDX)
def test_malformed_idx_is_refused(kind):
    with pytest.raises(UserError) as refusal:
        read_idx(IDX[kind], "t")
    message = str(refusal.value)
    assert message.startswith("t: ") and message.endswith("; delete the file and get it again")
    assert "\n" not in message


HUGE = [10**9, 10**12, 2**63 - 1, 10**30]


@pytest.mark.parametrize("n", HUGE)
@pytest.mark.parametrize(
    "name, option",
    [
        ("circles", "n_samples"),
        ("moons", "n_samples"),
        ("blobs", "n_samples"),
        ("blobs", "n_features"),
        ("blobs", "centers"),
        ("synthetic_logistic", "n_samples"),
        ("synthetic_logistic", "n_features"),
    ],
)
def test_generated_data_beyond_memory_are_refused_before_they_are_drawn(monkeypatch, name, option, n):
    monkeypatch.setattr(memory, "available", lambda: 8e9)
    with pytest.raises(UserError) as refusal:
        load({"name": name, option: n})
    assert ";" in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"name": "circles", "noise": 1e308}, "too large"),
        ({"name": "moons", "noise": 1e200, "standardize": False}, "too large"),
        ({"name": "blobs", "cluster_std": 1e308}, "too large"),
        (
            {"name": "synthetic_logistic", "separability": 1e308},
            "dataset.separability=1e+308: scores overflow",
        ),
    ],
)
def test_generated_data_that_overflow_are_refused(options, words):
    with pytest.raises(UserError) as refusal:
        load(options)
    assert words in str(refusal.value)


@pytest.mark.parametrize("value", ["1e308", "1e200", "1e155"])
@pytest.mark.parametrize("standardize", [True, False])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_values_whose_squares_overflow_are_refused(tmp_path, value, standardize, dtype):
    table = tmp_path / "t.csv"
    table.write_text(f"{value},0\n-{value},1\n2,1\n3,0\n")
    parts = {"validation_fraction": 0, "test_fraction": 0, "standardize": standardize}
    with pytest.raises(UserError, match=r"too large .*; .*rescale"):
        load({"name": "csv", "path": str(table), **parts}, dtype)


def test_values_too_close_to_have_a_deviation_are_refused(tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("1e-200,0\n-1e-200,1\n0,1\n3e-200,0\n")
    with pytest.raises(UserError, match="column 'x1': values too close to be standardised; rescale it"):
        load({"name": "csv", "path": str(table), "validation_fraction": 0, "test_fraction": 0})
