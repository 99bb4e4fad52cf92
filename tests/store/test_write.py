import json
import os

import numpy as np
import pandas as pd
import pytest

from optlab.core.errors import UserError
from optlab.store import read, write
from optlab.store.read import load

RUNS = (
    "run_id dataset model optimizer lr seed batch_size status steps epochs final_train_cost "
    "final_train_accuracy final_validation_cost final_validation_accuracy final_test_cost "
    "final_test_accuracy best_validation_cost seconds stack_id stack_size overrides config"
)
TRAJECTORIES = (
    "run_id step epoch seconds train_cost train_accuracy validation_cost validation_accuracy test_cost "
    "test_accuracy grad_norm value_evals gradient_evals hvp_evals hessian_evals work uncounted_passes"
)


def test_the_columns_are_those_of_the_contract_in_that_order(folder):
    assert list(pd.read_parquet(folder / "runs")) == RUNS.split()
    assert list(pd.read_parquet(folder / "trajectories")) == TRAJECTORIES.split()


def test_what_was_recorded_of_hidden_layers_is_appended_and_missing_where_it_was_not(
    tmp_path, labels, history
):
    write.prepare(tmp_path)
    write.stack(tmp_path, "without", labels, history)
    history.columns["sparsity_1"] = np.arange(12.0).reshape(4, 3)
    others = [label._replace(run_id=f"other{r}") for r, label in enumerate(labels)]
    write.stack(tmp_path, "with", others, history)
    points = load(tmp_path).trajectories
    assert list(points) == [*TRAJECTORIES.split(), "sparsity_1"]
    assert list(points[points["run_id"] == "other1"]["sparsity_1"]) == [1.0, 4.0, 7.0]
    assert points[points["run_id"].str.startswith("run")]["sparsity_1"].isna().all()


def test_final_values_are_those_of_the_final_point_steps_and_seconds_of_the_last(folder):
    runs = pd.read_parquet(folder / "runs").set_index("run_id")
    assert list(runs["final_train_cost"]) == [9.0, 4.0, 5.0]
    assert list(runs["steps"]) == [4, 2, 1]
    assert list(runs["seconds"]) == [0.4, 0.2, 0.1]
    assert runs.loc["run0", "best_validation_cost"] == 1
    assert runs["final_test_cost"].isna().all()
    assert np.isnan(runs.loc["run0", "lr"]) and runs.loc["run2", "lr"] == pytest.approx(0.3)
    assert pd.isna(runs.loc["run0", "batch_size"]) and runs.loc["run1", "batch_size"] == 32
    assert set(runs["stack_size"]) == {3}


def test_overrides_can_be_pasted_and_configurations_parsed(folder, labels):
    runs = pd.read_parquet(folder / "runs")
    assert runs["overrides"][0] == "optimizer.lr=0.1 'dataset.path=a b'"
    assert [json.loads(text) for text in runs["config"]] == [label.config for label in labels]


def test_trajectories_hold_the_recorded_points_only(folder):
    points = pd.read_parquet(folder / "trajectories")
    assert list(points.groupby("run_id").size()) == [4, 3, 2]
    assert list(points[points["run_id"] == "run1"]["train_cost"]) == [1.0, 4.0, 7.0]
    assert list(points[points["run_id"] == "run1"]["step"]) == [0, 1, 2]


def test_parameters_are_stored_without_pickle(folder):
    with np.load(folder / "parameters" / "stack.npz", allow_pickle=False) as arrays:
        assert list(arrays["run_id"]) == ["run0", "run1", "run2"]
        assert arrays["parameters"].shape == (3, 2)


def test_the_ids_of_a_folder_are_known(folder):
    assert read.run_ids(folder) == {"run0", "run1", "run2"}


def test_a_failed_write_leaves_no_run_and_no_temporary_file(tmp_path, labels, history, monkeypatch):
    write.prepare(tmp_path)

    def full(source, target):
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UserError, match="No space left"):
        write.stack(tmp_path, "stack", labels, history)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("table", ["runs", "trajectories"])
def test_a_part_that_does_not_name_its_runs_is_damaged(folder, table):
    part = folder / table / "stack.parquet"
    pd.read_parquet(part).drop(columns="run_id").to_parquet(part)
    with pytest.raises(UserError, match=rf"{table}/stack.parquet: has no column run_id"):
        read.stack(folder, folder / "runs" / "stack.parquet")


def test_a_folder_of_a_newer_format_is_refused(tmp_path):
    (tmp_path / "provenance.json").write_text('{"format": 99}')
    with pytest.raises(UserError, match="it has format 99, and this optlab knows formats up to 2; install"):
        write.prepare(tmp_path)


def test_a_result_path_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UserError, match="is a file; choose another"):
            write.prepare(path)
