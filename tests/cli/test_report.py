import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from optlab.cli.report import main
from optlab.report.drawing import helper, store
from optlab.store import columns


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Pages without the formats that they do not show."""
    monkeypatch.setattr(store, "FORMATS", {"svg": store.FORMATS["svg"]})
    monkeypatch.setattr(helper, "call", lambda: None)  # it would not know


@pytest.fixture
def folder(tmp_path):
    """A result folder with two runs."""
    fill = {name: 0.0 for name in (*columns.RUNS.names, *columns.TRAJECTORIES.names)}
    words = {"dataset": "digits", "model": "softmax", "status": "completed", "stack_id": "s", "overrides": ""}
    runs, points = [], []
    for number, name in enumerate(("sgd", "adam")):
        sections = {"dataset": {"name": "digits"}, "model": {"name": "softmax"}, "training": {}, "seed": 0}
        config = json.dumps({**sections, "optimizer": {"name": name, "lr": 0.1}})
        known = {
            **words,
            "run_id": str(number),
            "optimizer": name,
            "lr": 0.1,
            "config": config,
            "steps": 2,
            "stack_size": 2,
        }
        runs.append({field: known.get(field, fill[field]) for field in columns.RUNS.names})
        for step in range(3):
            row = {**fill, "run_id": str(number), "step": step, "train_cost": np.exp(-step * (1 + number))}
            points.append({field: row[field] for field in columns.TRAJECTORIES.names})
    for table, rows, schema in (("runs", runs, columns.RUNS), ("trajectories", points, columns.TRAJECTORIES)):
        (tmp_path / "sweep" / table).mkdir(parents=True)
        part = pa.table({n: [row[n] for row in rows] for n in schema.names}).cast(schema)
        pq.write_table(part, tmp_path / "sweep" / table / "s.parquet")
    return tmp_path / "sweep"


def told(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    return status, capsys.readouterr()


def test_the_report_is_written_into_the_folder_and_its_path_printed(folder, capsys):
    status, output = told(capsys, folder)
    assert status == 0
    assert output.out.strip() == str(folder / "report" / "index.html")
    assert (folder / "report" / "index.html").is_file() and (folder / "summary.csv").is_file()


def test_out_names_another_place(folder, capsys, tmp_path):
    status, output = told(capsys, folder, "--out", tmp_path / "else")
    assert (status, output.out.strip()) == (0, str(tmp_path / "else" / "report" / "index.html"))
    assert not (folder / "report").exists()


def test_several_folders_are_reported_together_in_the_current_one(folder, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert told(capsys, folder, folder)[0] == 0
    assert (tmp_path / "report" / "index.html").is_file()


def test_mistakes_are_one_line_and_status_2(folder, capsys, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "damaged" / "runs").mkdir(parents=True)
    (tmp_path / "damaged" / "runs" / "s.parquet").write_bytes(b"PAR1 nonsense")
    cases = [
        [tmp_path / "missing"],
        [tmp_path / "empty"],
        [tmp_path / "damaged"],
        [folder, "--out", tmp_path / "file"],
    ]
    for case in cases:
        status, output = told(capsys, *case)
        assert status == 2
        assert output.err.startswith("optlab: error: ")
        assert output.err.count("\n") == 1


def test_a_wrong_option_is_one_line_and_status_2(capsys):
    assert main(["--colour"]) == 2
    assert capsys.readouterr().err.startswith("optlab: error: ")


def test_help_tells_where_the_report_goes(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    assert "report/" in capsys.readouterr().out
