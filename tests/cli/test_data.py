import gzip
import hashlib
import logging
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from optlab.cli.data import main
from optlab.datasets import REGISTRY, dataset
from optlab.datasets.download import RemoteFile

DATA = b"1,0\n2,1\n"
URL = "https://example.org/tiny.gz"


def refused(*_args, **_options):
    raise OSError("tests must not touch the network")


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    """No network, an empty cache, no OPTLAB_DATA_DIR."""
    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setattr("pooch.os_cache", lambda project: tmp_path / "cache")
    monkeypatch.delenv("OPTLAB_DATA_DIR", raising=False)
    monkeypatch.setattr(logging, "raiseExceptions", False)  # handlers of other tests, whose stream is closed


@pytest.fixture
def tiny():
    """A data set of one published file."""
    file = RemoteFile("tiny.gz", 2_500_000, hashlib.sha256(DATA).hexdigest(), (URL,))

    @dataset(origin="downloaded", rows=2, features=1, classes=2, files=(file,))
    def tiny():
        raise AssertionError("listing and fetching do not load")

    yield file
    REGISTRY._entries.pop("tiny")


def line_of(name: str, output: str) -> list[str]:
    return next(line.split() for line in output.splitlines() if line.split()[:1] == [name])


def test_list_shows_size_and_whereabouts(tiny, tmp_path, capsys, monkeypatch):
    assert main(["list"]) == 0
    output = capsys.readouterr().out
    assert line_of("tiny", output) == ["tiny", "2", "x", "1", "2", "2.50", "MB", "not", "here"]
    assert line_of("digits", output) == ["digits", "1,797", "x", "64", "10", "bundled"]
    assert line_of("synthetic_logistic", output)[1:] == ["1,000", "x", "20", "2", "generated"]
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache/tiny.gz").write_bytes(DATA)
    main(["list"])
    assert line_of("tiny", capsys.readouterr().out)[-3:] == ["in", "the", "cache"]
    monkeypatch.setenv("OPTLAB_DATA_DIR", str(tmp_path / "cache"))
    main(["list"])
    assert line_of("tiny", capsys.readouterr().out)[-2:] == ["in", "OPTLAB_DATA_DIR"]


def test_fetch_downloads_what_is_not_here(tiny, tmp_path, capsys, monkeypatch):
    def download(url, output, _pooch):
        assert url == URL
        Path(output).write_bytes(gzip.compress(DATA))

    monkeypatch.setattr("pooch.HTTPDownloader", lambda: download)
    assert main(["fetch", "tiny", "digits"]) == 0
    assert gzip.decompress((tmp_path / "cache/tiny.gz").read_bytes()) == DATA
    output = capsys.readouterr().out.splitlines()
    assert output == [
        "tiny: downloading tiny.gz (2.50 MB)",
        "tiny: in the cache, checksums agree",
        "digits: bundled, nothing to download",
    ]


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["fetch", "tiny"], "tiny.gz is not on this machine and no mirror delivers it"),
        (["fetch", "tiny", "pma"], "did you mean 'pima'?"),
        (["fetch"], "required: NAME"),
        (["lst"], "invalid choice: 'lst'"),
        ([], "required"),
        (["list", "--quick"], "unrecognized arguments: --quick"),
    ],
)
def test_mistakes_are_one_line_on_stderr_and_exit_2(tiny, capsys, arguments, words):
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.err.startswith("optlab: error: ") and output.err.count("\n") == 1
    assert words in output.err


def test_an_unknown_name_stops_before_anything_is_downloaded(tiny, capsys):
    main(["fetch", "tiny", "pma"])
    assert "downloading" not in capsys.readouterr().out


def test_a_damaged_file_is_told(tiny, tmp_path, capsys):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache/tiny.gz").write_bytes(b"other")
    assert main(["fetch", "tiny"]) == 2
    assert "tiny.gz: checksum mismatch" in capsys.readouterr().err


def test_the_traceback_is_shown_on_request_only(tiny, monkeypatch):
    from optlab.core.errors import UserError

    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    with pytest.raises(UserError):
        main(["fetch", "pma"])


def test_help_exits_0_and_names_the_commands():
    done = subprocess.run(
        [sys.executable, "-m", "optlab.cli.data", "--help"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0
    assert "list" in done.stdout and "fetch" in done.stdout


TABLE = """id;price;day;colour;count;discount;buys
1;1.234,50;2024-01-05;red;3;15%;yes
2;30,5;2024-02-05;blue;;20%;no
3;7,25;2024-03-05;red;5;5%;yes
"""


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.csv").write_text(TABLE)


def test_describe_shows_what_becomes_of_each_column(table, capsys):
    assert main(["describe", "my.csv"]) == 0
    output = capsys.readouterr().out
    assert output.startswith("my.csv: semicolon-separated, with a header, 3 rows, 7 columns\n")
    lines = {line.split()[0]: " ".join(line.split()) for line in output.splitlines() if line.split()}
    assert lines["id"] == "id identifiers 1, 2, 3 left out"
    assert lines["price"] == "price numbers (decimal comma, thousands point) 7.25 to 1234.5 a feature"
    assert "refused: line 2, column 3 ('day'): '2024-01-05' is a date or a time; set dataset" in lines["day"]
    assert lines["colour"] == "colour kinds blue, red 2 features of zeros and ones"
    assert "1 3, , 5 refused: line 3, column 5 ('count'): empty cell; fill it in" in lines["count"]
    assert lines["discount"] == "discount numbers (%) 0.05 to 0.2 a feature"
    assert lines["buys"] == "buys target yes (2), no (1) 2 classes"
    assert "A sweep refuses this table" in output


def test_describe_takes_the_options_of_a_sweep(table, capsys):
    options = ["dataset.dates=days", "missing=mean", "dataset.target=colour", "dataset.categorical=[buys]"]
    assert main(["describe", "my.csv", *options]) == 0
    output = capsys.readouterr().out
    assert "a feature, days since 1970" in output
    assert "a feature; missing values become the mean of the training part" in output
    assert "red (2), blue (1)" in output
    assert "refuses" not in output


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["nowhere.csv"], "dataset.path=nowhere.csv: cannot be read (No such file or directory)"),
        (["my.csv", "target"], "target: not an option; write dataset.KEY=VALUE"),
        (["my.csv", "dataset.target=nobody"], "dataset.target=nobody: my.csv has no such column"),
        (["my.csv", "dataset.decimals=comma"], "csv has no option 'decimals'; did you mean 'decimal'"),
        (["my.csv", "dataset.target=[a"], "not an option"),
        ([], "required: FILE"),
    ],
)
def test_what_cannot_be_described_is_one_line(table, capsys, arguments, words):
    assert main(["describe", *arguments]) == 2
    err = capsys.readouterr().err
    assert err.startswith("optlab: error: ") and err.count("\n") == 1
    assert words in err
