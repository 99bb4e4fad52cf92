"""A folder of an optlab with other random streams loads and reports, and is neither resumed nor verified."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from optlab.analysis.study import study
from optlab.cli import report, verify
from optlab.core.errors import UserError
from optlab.report.drawing import helper, store
from optlab.runs import build
from optlab.runs.identity import digest
from optlab.runs.schema import RESULT
from optlab.store.read import load
from optlab.sweeps.execute import execute
from optlab.sweeps.plan import Limits


@pytest.fixture
def jobs(config):
    return [(config(optimizer__lr=rate, seed=seed), ()) for seed in (0, 1) for rate in (0.1, 1.0)]


@pytest.fixture
def old(jobs, tmp_path):
    """A folder as an optlab of format 1 has written it."""
    folder = tmp_path / "old"
    execute(jobs, folder, Limits())
    record = json.loads((folder / "provenance.json").read_text())
    del record["streams"]
    (folder / "provenance.json").write_text(json.dumps({**record, "format": 1}))
    runs = load(folder).runs
    configs = {
        run_id: json.loads(config) for run_id, config in zip(runs["run_id"], runs["config"], strict=True)
    }
    ids = {
        run_id: digest([{key: config[key] for key in RESULT}, build.facts(config).sha256])
        for run_id, config in configs.items()
    }
    for part in [*folder.glob("runs/*.parquet"), *folder.glob("trajectories/*.parquet")]:
        table = pq.read_table(part)
        at = table.column_names.index("run_id")
        renamed = pa.array([ids[run_id] for run_id in table["run_id"].to_pylist()])
        pq.write_table(table.set_column(at, "run_id", renamed).replace_schema_metadata(None), part)
    return folder


def test_a_sweep_into_it_is_refused_and_leaves_it_as_it_was(jobs, old):
    before = {path: path.read_bytes() for path in old.rglob("*") if path.is_file()}
    with pytest.raises(UserError, match=r"random streams of an earlier optlab.* \(hydra\.sweep\.dir=DIR"):
        execute(jobs, old, Limits())
    assert before == {path: path.read_bytes() for path in old.rglob("*") if path.is_file()}


def test_its_verification_is_refused_and_no_failure(old, capsys):
    for arguments in ([], ["--runs", "1"], ["--run", load(old).runs["run_id"][0]]):
        assert verify.main([str(old), *arguments]) == 2
        [line] = capsys.readouterr().err.splitlines()
        assert (
            line.startswith("optlab: error: run ") and "random streams are those of an earlier optlab" in line
        )


def test_no_minimum_of_todays_split_is_set_beside_its_costs(old, jobs, tmp_path):
    judged = study(load(old)).runs
    assert judged["optimum"].isna().all()
    assert judged["optimum_reason"].unique() == [
        "an optlab with other random streams divided the data of the runs"
    ]
    execute(jobs, tmp_path / "new", Limits())
    assert study(load(tmp_path / "new")).runs["optimum"].notna().all()


def test_beside_todays_runs_its_runs_are_another_problem(old, jobs, tmp_path):
    execute(jobs, tmp_path / "new", Limits())
    runs = study(load(old, tmp_path / "new")).runs
    assert len(runs) == 8 and runs["problem"].nunique() == 2
    assert runs.groupby("problem")["folder"].nunique().eq(1).all()
    assert runs["problem"].str.contains("earlier random streams").sum() == 4


def test_its_report_is_made(old, monkeypatch):
    monkeypatch.setattr(store, "FORMATS", {"svg": store.FORMATS["svg"]})
    monkeypatch.setattr(helper, "call", lambda: None)
    assert report.main([str(old)]) == 0
