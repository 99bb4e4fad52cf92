"""Published files: looked for in $OPTLAB_DATA_DIR, then in the user's cache, then downloaded."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from optlab.core.errors import UserError
from optlab.core.paths import expanded
from optlab.datasets.files import decompress


class RemoteFile(NamedTuple):
    """A published file, recognised by what it holds rather than by how it is compressed."""

    path: str  # below $OPTLAB_DATA_DIR and below the cache
    size: int  # bytes of the download
    sha256: str  # of the decompressed content
    urls: tuple[str, ...]  # mirrors, in the order in which they are tried


def cache_folder() -> Path:
    """Where downloads are kept, such as ``~/.cache/optlab`` (pooch knows each system's place)."""
    from pooch import os_cache

    return Path(os_cache("optlab"))


def data_folder() -> Path | None:
    """The folder that the environment variable OPTLAB_DATA_DIR names."""
    named = os.environ.get("OPTLAB_DATA_DIR")
    return expanded(named) if named else None


def locate(file: RemoteFile) -> Path | None:
    """The local copy of `file`, compressed or unpacked, or None."""
    unpacked = file.path.removesuffix(".gz").removesuffix(".bz2")
    for folder in (data_folder, cache_folder):
        base = folder()
        for name in (file.path, unpacked):
            if base and (base / name).is_file():
                return base / name
    return None


def content(file: RemoteFile) -> bytes:
    """The decompressed content of `file`, downloaded if there is no local copy.

    Raises:
        UserError: the local copy is damaged or cannot be read, or there is none and no mirror delivers the
            file.
    """
    path = locate(file)
    if path is None:
        return _download(file)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); make it readable") from error
    return _verified(data, file, str(path))


def _verified(data: bytes, file: RemoteFile, source: str) -> bytes:
    plain = decompress(data, source)
    found = hashlib.sha256(plain).hexdigest()
    if found != file.sha256:
        raise UserError(
            f"{source}: checksum mismatch, the content has sha256 {found} instead of {file.sha256}; "
            "delete the file to have it downloaded again"
        )
    return plain


def _download(file: RemoteFile) -> bytes:
    """Fetch `file` from the first mirror that delivers the right content, and keep it in the cache."""
    from pooch import HTTPDownloader

    target = cache_folder() / file.path
    reasons = []
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            arrived = Path(folder) / target.name
            for url in file.urls:
                try:
                    HTTPDownloader()(url, str(arrived), None)
                    plain = _verified(arrived.read_bytes(), file, url)
                except (OSError, ValueError, UserError) as error:  # requests' errors are OSErrors
                    reasons.append(f"{urlsplit(url).netloc}: {_short(error)}")
                else:
                    os.replace(arrived, target)
                    return plain
    except OSError as error:
        raise UserError(f"{target}: cannot be written ({error.strerror}); {_where(file)}") from error
    raise UserError(
        f"{file.path} is not on this machine and no mirror delivers it ({'; '.join(reasons)}); {_where(file)}"
    )


def _where(file: RemoteFile) -> str:
    """Where a user may put `file` by hand."""
    named = data_folder()
    first = named / file.path if named else f"$OPTLAB_DATA_DIR/{file.path}"
    return f"put the file from {file.urls[0]} at {first} or at {cache_folder() / file.path}"


def _short(error: Exception) -> str:
    if isinstance(error, UserError):
        return "checksum mismatch" if "checksum" in str(error) else "damaged file"
    cause = getattr(getattr(error, "response", None), "status_code", None)
    return f"HTTP status {cause}" if cause else f"no connection ({type(error).__name__})"
