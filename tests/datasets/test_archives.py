"""Files of any packing: unpacked, or refused before they fill the memory."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile

import numpy as np
import pandas as pd
import pytest

from optlab.core import memory
from optlab.core.errors import UserError
from optlab.datasets import files
from optlab.datasets.csv import csv
from optlab.datasets.files import decompress, read_bytes

TEXT = b"a,b,label\n1,2.5,x\n3,4.5,y\n"


def zipped(**contents: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.csv"), io.BytesIO(content))
    return buffer.getvalue()


PACKINGS = {
    "plain": bytes,
    "gzip": gzip.compress,
    "two gzip members": lambda data: gzip.compress(data[:10]) + gzip.compress(data[10:]),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zip": lambda data: zipped(**{"t.csv": data}),
    "zip with clutter": lambda data: zipped(**{"__MACOSX/._t.csv": b"?", ".DS_Store": b"?", "d/t.csv": data}),
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_packed_tables_are_read_by_what_they_hold(tmp_path, packing):
    path = tmp_path / "table"
    path.write_bytes(PACKINGS[packing](TEXT))
    np.testing.assert_array_equal(csv(path=str(path)).x, [[1, 2.5], [3, 4.5]])


@pytest.mark.parametrize("packing", ["gzip", "bzip2", "xz", "zip"])
@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_truncated_archives_are_refused(packing, cut):
    data = PACKINGS[packing](os.urandom(2000))
    with pytest.raises(UserError, match=r"^t: damaged compressed file .*; delete it and get it again$"):
        decompress(data[: int(cut * len(data))], "t")


@pytest.mark.parametrize("packing", ["gzip", "bzip2", "xz", "zip"])
@pytest.mark.parametrize("place", [0.2, 0.4, 0.5, 0.6, 0.8])
def test_damaged_archives_are_refused_or_read_right(packing, place):
    content = bytes(range(256)) * 8
    data = bytearray(PACKINGS[packing](content))
    data[int(place * len(data))] ^= 0xFF
    try:
        assert decompress(bytes(data), "t") == content
    except UserError as refusal:
        assert str(refusal).startswith("t: ") and ";" in str(refusal)


ZIPS = {
    "several files": (zipped(a=b"1", b=b"2"), "holds 2 files (a, b); unpack it and name one"),
    "only a folder": (zipped(**{"d/": b""}), "holds 0 files"),
    "a workbook": (zipped(**{"[Content_Types].xml": b"", "xl/a.xml": b""}), "an Excel or Office file"),
    "not a zip": (b"PK\x03\x04" + b"x" * 50, "damaged compressed file"),
}


@pytest.mark.parametrize("kind", ["several files", "only a folder", "a workbook", "not a zip"])
def test_zips_that_hold_no_single_table_are_refused(kind):
    data, words = ZIPS[kind]
    with pytest.raises(UserError) as refusal:
        decompress(data, "t.zip")
    assert words in str(refusal.value) and ";" in str(refusal.value)


FOREIGN = {
    "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "HDF5": b"\x89HDF\r\n\x1a\n",
    "NumPy": b"\x93NUMPY\x01\x00",
    "pickle": b"\x80\x04\x95",
    "Feather": b"ARROW1\0\0",
    "PDF": b"%PDF-1.7",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "JPEG": b"\xff\xd8\xff\xe0",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "RAR": b"Rar!\x1a\x07",
    "Zstandard": b"\x28\xb5\x2f\xfd\x04",
    "SQLite": b"SQLite format 3\0",
    "MATLAB": b"MATLAB 5.0 MAT-file",
    "ARFF": b"@RELATION iris\n",
    "web page": b"  <!DOCTYPE html><html>",
    "bare web page": b"<HTML><body>404</body></HTML>",
    "XML": b"\xef\xbb\xbf<?xml version='1.0'?>",
    "JSON": b'[{"a": 1}]',
    "JSON lines": b'{"a": 1}\n{"a": 2}\n',
    "tar": tarred(TEXT),
    "packed tar": gzip.compress(tarred(TEXT)),
    "packed JSON": gzip.compress(b'{"a": 1}'),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_files_of_other_formats_are_named(kind):
    with pytest.raises(UserError, match=r"^t: an? .*, which optlab does not read; (export|unpack)"):
        decompress(FOREIGN[kind], "t")


@pytest.fixture
def small_memory(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 2e6)
    monkeypatch.setattr(files, "CHUNK", 2**14)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda d: zipped(a=d)])
def test_a_file_that_unpacks_to_more_than_memory_is_refused(small_memory, pack):
    with pytest.raises(
        UserError, match=r"^t, unpacked: takes .* GB of memory, but only 0\.0 GB is free; use a part"
    ):
        decompress(pack(b"1,2\n" * 1_000_000), "t")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda d: zipped(a=d)])
def test_a_file_that_unpacks_to_hundreds_of_times_its_size_is_refused(monkeypatch, pack):
    monkeypatch.setattr(files, "SUSPECT_BYTES", 2**20)
    monkeypatch.setattr(files, "SUSPECT_RATIO", 200)
    with pytest.raises(
        UserError, match=r"^t: unpacks to more than 200 times its size, .*; unpack it yourself"
    ):
        decompress(pack(bytes(10_000_000)), "t")


def test_a_plain_file_larger_than_memory_is_refused_unread(small_memory, tmp_path):
    path = tmp_path / "hole"
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(UserError, match=r"^dataset\.path=.*hole: takes 1,099\.5 GB of memory"):
        read_bytes(str(path))


def test_a_table_whose_cells_exceed_memory_is_refused(small_memory, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("1,x\n2,y\n" * 5_000)
    with pytest.raises(UserError, match=r"t\.csv: takes 0\.0 GB of memory, .*; use a part of it"):
        csv(path=str(path))


def test_pipes_devices_and_folders_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (str(tmp_path / "pipe"), "/dev/zero", "/dev/null", "/dev/random"):
        with pytest.raises(
            UserError, match=r"^dataset\.path=.*: cannot be read \(a pipe or a device\); name"
        ):
            read_bytes(path)


@pytest.mark.parametrize(
    "path", ["", "a\0b", "~nobody-of-that-name/x", "x" * 5000, "\udcff", "nowhere.csv", "."]
)
def test_paths_of_no_file_are_refused(path):
    with pytest.raises(UserError, match=r"^dataset\.path=.*; name a data file$"):
        read_bytes(path)


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "size": [1.5, 2.25, 1e-7],
            "count": [1, 2**62, 3],
            "colour": pd.Categorical(["red", "blue", "red"]),
            "label": ["x", "y", "x"],
        }
    )


def test_parquet_is_read_as_a_text_is(tmp_path):
    frame().to_parquet(tmp_path / "t.parquet")
    frame().to_csv(tmp_path / "t.csv", index=False)
    parquet, text = (csv(path=str(tmp_path / name)) for name in ("t.parquet", "t.csv"))
    np.testing.assert_array_equal(parquet.x, text.x)
    assert (parquet.features, parquet.classes) == (text.features, text.classes)


@pytest.mark.parametrize(
    "column, words",
    [
        (pd.to_datetime(["2024-01-05", "2024-02-05", None]), "empty cell"),
        (pd.to_datetime(["2024-01-05", "2024-02-05", "2024-03-05"]), "is a date or a time"),
        ([[1], [2], [3]], "column 'more' holds list"),
        ([b"1", b"2", b"3"], "column 'more' holds binary"),
        ([{"a": 1}, {"a": 2}, {"a": 3}], "column 'more' holds struct"),
        ([1.0, None, 2.0], "row 2, column 4 ('more'): empty cell"),
        ([1.0, np.inf, 2.0], "row 2, column 4 ('more'): inf is not a finite number"),
        (["1,500", "2,500", "3,500"], "'1,500' may have its comma before decimals"),
    ],
)
def test_columns_of_parquet_that_are_no_features_are_refused(tmp_path, column, words):
    table = frame()
    table.insert(3, "more", column)
    table.to_parquet(tmp_path / "t.parquet")
    with pytest.raises(UserError) as refusal:
        csv(path=str(tmp_path / "t.parquet"))
    assert words in str(refusal.value) and ";" in str(refusal.value)


@pytest.mark.parametrize("place", np.linspace(0.02, 0.98, 25))
def test_damaged_parquet_is_refused_or_read_right(tmp_path, place):
    buffer = io.BytesIO()
    pd.DataFrame({"size": np.arange(50.0) / 7, "label": ["x", "y"] * 25}).to_parquet(buffer)
    data = bytearray(buffer.getvalue())
    data[int(place * len(data))] ^= 0x10
    (tmp_path / "t.parquet").write_bytes(data)
    try:
        raw = csv(path=str(tmp_path / "t.parquet"))
    except UserError as refusal:
        assert "\n" not in str(refusal) and ";" in str(refusal)
    else:
        assert len(raw.y) == 50


@pytest.mark.parametrize(
    "data", [b"PAR1", b"PAR1PAR1", b"PAR1" + b"\0" * 100 + b"PAR1", b"PAR1" + b"\xff" * 50]
)
def test_what_only_begins_like_parquet_is_refused(tmp_path, data):
    (tmp_path / "t.parquet").write_bytes(data)
    with pytest.raises(UserError, match=r"t\.parquet: damaged Parquet file \(.*\); write it again"):
        csv(path=str(tmp_path / "t.parquet"))


def test_an_empty_parquet_is_refused(tmp_path):
    frame().iloc[:0].to_parquet(tmp_path / "t.parquet")
    with pytest.raises(UserError, match=r"t\.parquet: no rows; give a file that has some"):
        csv(path=str(tmp_path / "t.parquet"))
