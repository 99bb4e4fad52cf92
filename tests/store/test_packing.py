"""A packed folder is read, verified and gone on with like any other."""

import pytest

from optlab.cli import verify
from optlab.errors import UserError
from optlab.store.packing import pack
from optlab.store.results import load
from optlab.sweep.execute import execute
from optlab.sweep.plan import Limits
from optlab.sweep.schema import Schema
from tests.sweep.results import assert_same, tables


def sweep(folder, seeds):
    configs = [
        {
            "dataset": {"name": "moons", "n_samples": 60},
            "model": {"name": "logistic"},
            "optimizer": {"name": "adam", "lr": lr},
            "schedule": {"name": "constant"},
            "training": {"epochs": 2, "batch_size": 20, "record_parameters": "final"},
            "seed": seed,
        }
        for seed in range(seeds)
        for lr in (0.1, 1.0)
    ]
    execute([(Schema().checked(config), ()) for config in configs], folder, Limits())


@pytest.fixture
def folder(tmp_path):
    sweep(tmp_path, seeds=3)
    return tmp_path


def parts(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.parquet"))


def test_what_is_read_stays_the_same(folder):
    before = load(folder)
    assert len(parts(folder)) == 6
    pack(folder)
    assert parts(folder) == ["runs/packed.parquet", "trajectories/packed.parquet"]
    after = load(folder)
    for name in ("runs", "trajectories"):
        left, right = (
            getattr(results, name).sort_values("run_id", kind="stable") for results in (before, after)
        )
        assert left.reset_index(drop=True).equals(right.reset_index(drop=True))


def test_stacks_are_verified_as_they_were_trained(folder, capsys):
    pack(folder)
    assert verify.main([str(folder)]) == 0
    assert "bit for bit" in capsys.readouterr().out
    assert verify.main([str(folder), "--runs", "3"]) == 0
    assert capsys.readouterr().out.endswith("3 of 3 runs agree\n")


def test_a_packed_folder_is_gone_on_with_and_packed_again(folder, tmp_path_factory):
    whole = tmp_path_factory.mktemp("whole")
    sweep(whole, seeds=4)
    pack(folder)
    sweep(folder, seeds=4)
    assert len(parts(folder)) == 4
    pack(folder)
    assert len(parts(folder)) == 2
    assert_same(tables(folder), tables(whole))
    results = load(folder)
    assert {results.parameters(run_id).shape for run_id in results.runs["run_id"]} == {(3,)}


def test_a_damaged_one_is_set_aside_and_trained_again(folder):
    before = tables(folder)
    pack(folder)
    part = folder / "runs" / "packed.parquet"
    part.write_bytes(part.read_bytes()[:100])
    sweep(folder, seeds=3)
    assert_same(tables(folder), before)


def test_a_folder_without_runs_is_refused(tmp_path):
    with pytest.raises(UserError, match="has no runs"):
        pack(tmp_path)
