"""A folder whose runs have ids of format 1 is resumed, read and verified like any other."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from optlab.cli import verify
from optlab.runs import build
from optlab.runs.identity import legacy_id
from optlab.store import read
from optlab.store.read import load
from optlab.sweeps import train as module
from optlab.sweeps.execute import execute
from optlab.sweeps.plan import Limits


@pytest.fixture
def jobs(config):
    return [(config(optimizer__lr=rate, seed=seed), ()) for seed in (0, 1) for rate in (0.1, 1.0)]


@pytest.fixture
def old(jobs, tmp_path):
    """A folder as an optlab of format 1 has written it."""
    execute(jobs, tmp_path, Limits())
    record = json.loads((tmp_path / "provenance.json").read_text())
    (tmp_path / "provenance.json").write_text(json.dumps({**record, "format": 1}))
    runs = load(tmp_path).runs
    ids = {
        run_id: legacy_id(json.loads(config), build.facts(json.loads(config)).sha256)
        for run_id, config in zip(runs["run_id"], runs["config"], strict=True)
    }
    assert not ids.keys() & set(ids.values())
    for part in [*tmp_path.glob("runs/*.parquet"), *tmp_path.glob("trajectories/*.parquet")]:
        table = pq.read_table(part)
        at = table.column_names.index("run_id")
        renamed = pa.array([ids[run_id] for run_id in table["run_id"].to_pylist()])
        pq.write_table(table.set_column(at, "run_id", renamed), part)
    return tmp_path


def test_what_it_holds_is_not_trained_again(jobs, old, monkeypatch):
    before = load(old).runs
    monkeypatch.setattr(module, "train", None)
    ids = execute(jobs, old, Limits())
    assert set(ids) == set(before["run_id"]) == set(load(old).runs["run_id"])
    assert read.objective_values(old, ["final_train_cost"])["final_train_cost"].keys() == set(ids)


def test_what_it_lacks_is_trained_beside_it(jobs, config, old):
    before = load(old).runs["run_id"].tolist()
    ids = execute([*jobs, (config(optimizer__lr=0.5), ())], old, Limits())
    assert set(load(old).runs["run_id"]) == {*before, ids[-1]} == set(ids)
    assert json.loads((old / "provenance.json").read_text())["format"] == 2


def test_it_is_verified_bit_for_bit(old, capsys):
    assert verify.main([str(old)]) == 0
    assert capsys.readouterr().out.endswith("compared bit for bit\n4 of 4 runs agree\n")


def test_a_run_of_other_data_or_a_damaged_configuration_does_not_count(jobs, config, old):
    (part,) = old.glob("runs/*.parquet")
    table = pq.read_table(part)
    texts = table["config"].to_pylist()
    texts = ["[]", "{", texts[2].replace('"n_samples": 60', '"n_samples": 61'), texts[3]]
    pq.write_table(table.set_column(table.column_names.index("config"), "config", pa.array(texts)), part)
    runs = load(old).runs
    kept = runs.loc[runs["config"] == texts[3], "run_id"].item()
    ids = execute(jobs, old, Limits())
    assert kept in ids and len(set(ids) - set(runs["run_id"])) == 3
