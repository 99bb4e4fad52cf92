"""No test of this folder touches the network, the user's cache, or, unless it asks, real data."""

import os
import socket
from pathlib import Path

import pytest


def refused(*_args, **_options):
    raise OSError("tests must not touch the network")


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path) -> Path:
    """An empty cache, and no OPTLAB_DATA_DIR."""
    monkeypatch.setattr("pooch.os_cache", lambda project: tmp_path / "cache" / project)
    monkeypatch.delenv("OPTLAB_DATA_DIR", raising=False)
    return tmp_path / "cache" / "optlab"


REAL_DATA = os.environ.get("OPTLAB_DATA_DIR")


@pytest.fixture
def real(monkeypatch) -> Path:
    """The folder of real data files."""
    if not REAL_DATA:
        pytest.skip("needs real data: set OPTLAB_DATA_DIR")
    monkeypatch.setenv("OPTLAB_DATA_DIR", REAL_DATA)
    return Path(REAL_DATA)


@pytest.fixture
def real_file(real):
    """A function: the path of a file among the real data, or a skip."""

    def find(name: str) -> Path:
        if not (real / name).is_file():
            pytest.skip(f"needs {name} in OPTLAB_DATA_DIR")
        return real / name

    return find


@pytest.fixture
def deliver(monkeypatch):
    """A function: let the mirrors deliver these bytes; None stands for a server that does not answer."""

    def arrange(answers: dict[str, bytes | None]) -> list[str]:
        asked: list[str] = []

        def download(url: str, output: str, _pooch: object) -> None:
            asked.append(url)
            if answers.get(url) is None:
                raise ConnectionError("no route")
            Path(output).write_bytes(answers[url])

        monkeypatch.setattr("pooch.HTTPDownloader", lambda: download)
        return asked

    return arrange
