"""Bytes of files: only regular ones, unpacked, and never more than memory has room for."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from stat import S_ISDIR, S_ISREG
from typing import IO, Any

from optlab.core.errors import UserError
from optlab.core.memory import require
from optlab.core.paths import expanded

STREAMS: dict[bytes, Callable[[io.BytesIO], Any]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lzma.LZMAFile,
}
"""How a file begins, and what unpacks it."""

FOREIGN = {
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUMPY": "a NumPy file",
    b"\x80\x02": "a pickle",
    b"\x80\x03": "a pickle",
    b"\x80\x04": "a pickle",
    b"\x80\x05": "a pickle",
    b"ARROW1": "a Feather file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"\x04\x22\x4d\x18": "an LZ4 file",
    b"SQLite format 3": "a database",
    b"MATLAB 5": "a MATLAB file",
    b"@relation": "an ARFF file",
    b"<!doctype": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML file",
    b"[{": "a JSON file",
    b'{"': "a JSON file",
}
"""How files of other formats begin, in small letters where they are texts."""

CHUNK = 2**20
SUSPECT_BYTES, SUSPECT_RATIO = 2**28, 500
"""What unpacks to more, and to more than so many times its size, is no table but a trap."""


def read_bytes(path: str, key: str = "dataset.path") -> bytes:
    """The unpacked content of the user's file that the option `key` names (``~`` and variables are replaced).

    Raises:
        UserError: no regular file, one that cannot be read or unpacked, too large, or of another format.
    """
    try:
        place = expanded(path)
        status = place.stat()
        if S_ISREG(status.st_mode):
            require(status.st_size, f"{key}={path}", "use a part of it")
            return decompress(place.read_bytes(), path)
    except OSError as error:
        raise UserError(f"{key}={path}: cannot be read ({error.strerror}); name a data file") from error
    except (RuntimeError, ValueError) as error:  # no home folder; a character that no path has
        raise UserError(f"{key}={path!r}: not a path ({error}); name a data file") from error
    reason = "Is a directory" if S_ISDIR(status.st_mode) else "a pipe or a device"
    raise UserError(f"{key}={path}: cannot be read ({reason}); name a data file")


def decompress(data: bytes, source: str) -> bytes:
    """`data` unpacked if it begins like a gzip, bzip2, xz or zip file, else as it is.

    Raises:
        UserError: damaged, larger than memory, several files in one, or a format that optlab does not read.
    """
    try:
        if data.startswith(b"PK\x03\x04"):
            data = _unzipped(data, source)
        else:
            for magic, stream in STREAMS.items():
                if data.startswith(magic):
                    data = _unpacked(stream(io.BytesIO(data)), len(data), source)
                    break
    except (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise UserError(f"{source}: damaged compressed file ({error}); delete it and get it again") from error
    except (RuntimeError, NotImplementedError) as error:
        raise UserError(f"{source}: cannot be unpacked ({error}); unpack it yourself") from error
    _refuse_foreign(data, source)
    return data


def _unzipped(data: bytes, source: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [item.filename for item in archive.infolist() if not _is_clutter(item)]
        if "[Content_Types].xml" in names:
            raise UserError(f"{source}: an Excel or Office file; export the table as CSV or Parquet")
        if len(names) != 1:
            raise UserError(
                f"{source}: holds {len(names)} files ({', '.join(sorted(names)[:5])}); unpack it and name one"
            )
        with archive.open(names[0]) as file:
            return _unpacked(file, len(data), source)


def _is_clutter(item: zipfile.ZipInfo) -> bool:
    return item.is_dir() or item.filename.startswith("__MACOSX/") or item.filename.endswith(".DS_Store")


def _unpacked(stream: IO[bytes], packed: int, source: str) -> bytes:
    """All of a stream, unless it is too much."""
    pieces, size = [], 0
    with stream:
        while piece := stream.read(CHUNK):
            pieces.append(piece)
            size += len(piece)
            if size > SUSPECT_BYTES and size > SUSPECT_RATIO * packed:
                raise UserError(
                    f"{source}: unpacks to more than {SUSPECT_RATIO} times its size, as no table does; "
                    "unpack it yourself if you trust it"
                )
            if len(pieces) % 64 == 0:
                require(3 * size, f"{source}, unpacked", "use a part of it")
    return b"".join(pieces)


def _refuse_foreign(data: bytes, source: str) -> None:
    head = data[:64].lstrip(b"\xef\xbb\xbf \r\n\t")
    for magic, what in FOREIGN.items():
        if head.startswith(magic) or (magic.isascii() and head.lower().startswith(magic)):
            raise UserError(
                f"{source}: {what}, which optlab does not read; export the table as CSV or Parquet"
            )
    if data[257:262] == b"ustar":
        raise UserError(f"{source}: a tar archive, which optlab does not read; unpack it and name one file")
