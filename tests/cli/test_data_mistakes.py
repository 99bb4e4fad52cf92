"""The command `optlab` on files that cannot be read: exit 2, one line, nothing written."""

import gzip
import os

import pytest

from optlab.cli import app

pytestmark = pytest.mark.usefixtures("elsewhere")

CSV, LIBSVM = "dataset=csv", "dataset=libsvm"


@pytest.mark.parametrize(
    "content, command, told",
    [
        (
            'a;y\n"1,500";0\n"2,250";1\n',
            [CSV],
            "data, line 2, column 1 ('a'): '1,500' may have its comma before",
        ),
        ("a,y\n15 kg,0\n16 kg,1\n", [CSV], "data, line 2, column 1 ('a'): '15 kg' is a number with a unit"),
        (
            "day,y\n2024-01-05,0\n2024-01-06,1\n",
            [CSV],
            "data, line 2, column 1 ('day'): '2024-01-05' is a date",
        ),
        (b"a,y\n\xe4,0\n\xe4,1\n", [CSV], "data, line 2: not UTF-8 text; set dataset.encoding=cp1252"),
        ("1,0\n2,1\n", [CSV, "dataset.decimal=,"], None),
        (
            "1,0\n2,1\n",
            [CSV, "dataset.decimal=dot"],
            "dataset.decimal=dot: must be one of auto, point, comma",
        ),
        ("1,0\n2,1\n", [CSV, "dataset.encoding=5"], "dataset.encoding=5: must be a text"),
        (gzip.compress(b"1,0\n" * 1000, mtime=0)[:-9], [CSV], "data: damaged compressed file"),
        (b"PAR1" + bytes(50) + b"PAR1", [CSV], "data: damaged Parquet file"),
        ("1 1:1_0\n-1 1:2\n", [LIBSVM], "data, line 1: value '1_0' is not a finite number"),
        ("1 67108865:1\n-1 1:2\n", [LIBSVM], "data, line 1: index 67108865 in '67108865:1' is above"),
        (
            None,
            ["dataset=moons", "dataset.n_samples=10000000000000"],
            "dataset.n_samples=10000000000000, 2 feat",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_line(elsewhere, capfd, content, command, told):
    if content is not None:
        (elsewhere / "data").write_bytes(content if isinstance(content, bytes) else content.encode())
        command = [*command, "dataset.path=data"]
    assert app.run([*command, "hydra.run.dir=out"]) == 2
    out, err = capfd.readouterr()
    assert err.startswith(f"optlab: error: {told or ''}") and err.count("\n") == 1
    assert out == ""
    assert not list(elsewhere.rglob("*.parquet")) and not list(elsewhere.rglob("provenance.json"))


def test_a_pipe_is_refused_and_not_waited_for(elsewhere, capfd):
    os.mkfifo(elsewhere / "pipe")
    assert app.run([CSV, "dataset.path=pipe", "hydra.run.dir=out"]) == 2
    err = capfd.readouterr().err
    assert err == "optlab: error: dataset.path=pipe: cannot be read (a pipe or a device); name a data file\n"


def test_a_run_begins_by_saying_how_the_table_was_read(elsewhere, no_report, capfd):
    rows = "".join(f"{k};{k % 7},5;{k % 2}\n" for k in range(20))
    (elsewhere / "my.csv").write_text("id;size;kind\n" + rows)
    assert app.run([CSV, "dataset.path=my.csv", "training.max_steps=2", "hydra.run.dir=out"]) == 0
    assert capfd.readouterr().out.startswith(
        "optlab: my.csv: semicolon-separated, with a header, 20 rows; columns: 1 of numbers; classes of "
        "'kind': 0, 1; decimal comma: size; left out (identifiers): id\n"
    )
