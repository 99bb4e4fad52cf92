"""What turns rows into inputs, beside the parameters of a result folder: models predict without data."""

from pathlib import Path

from optlab.store.write import write_atomically


def store(folder: Path, digest: str, text: str) -> None:
    """Write the preparation of data that have this digest, as JSON, if it is not there yet.

    Raises:
        OSError: it cannot be written.
    """
    path = _path(folder, digest)
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, lambda file: file.write(text.encode()))


def find(folders: tuple[Path, ...], digest: str) -> Path | None:
    """The file with the preparation of data that have this digest; None where no folder holds it."""
    return next((path for folder in folders if (path := _path(folder, digest)).is_file()), None)


def _path(folder: Path, digest: str) -> Path:
    return folder / "parameters" / f"data-{digest}.json"
