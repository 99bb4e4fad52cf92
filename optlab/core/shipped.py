"""The files that come with optlab: its configurations and its studies."""

from pathlib import Path


def folder(name: str) -> Path:
    """The folder `conf` or `experiments`: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    beside = package / name
    return beside if beside.is_dir() else package.parent / name
