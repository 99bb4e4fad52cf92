import math
import os

import pyarrow.parquet as pq
import pytest

from optlab.core.errors import UserError
from optlab.store import columns, provenance, read
from optlab.store import write as parts
from optlab.store.read import load


@pytest.fixture
def write(labels, history):
    def write(folder, stack="stack"):
        parts.prepare(folder)
        parts.stack(folder, stack, labels, history)
        return folder

    return write


def test_tables_are_found_at_any_depth(tmp_path, write):
    write(tmp_path / "sweep" / "0")
    results = load(tmp_path)
    assert len(results.runs) == 3 and len(results.trajectories) == 9
    assert results.folders == (tmp_path / "sweep" / "0",)


def test_a_run_in_several_folders_is_read_once(tmp_path, write):
    one, other = write(tmp_path / "a", "one"), write(tmp_path / "b", "two")
    results = load(one, other)
    assert len(results.runs) == 3 and len(results.trajectories) == 9


def test_trajectories_without_runs_are_not_read(tmp_path, write):
    write(tmp_path)
    (tmp_path / "trajectories" / "orphan.parquet").write_bytes(
        (tmp_path / "trajectories" / "stack.parquet").read_bytes()
    )
    assert len(load(tmp_path).trajectories) == 9


def test_parameters_of_a_run_are_found(tmp_path, write):
    results = load(write(tmp_path))
    assert results.parameters("run1").tolist() == [2.0, 3.0]
    with pytest.raises(UserError, match="no parameters"):
        results.parameters("unknown")


def test_the_record_of_the_folder_comes_along(tmp_path, write):
    write(tmp_path)
    assert load(tmp_path).provenance is None
    provenance.begin(tmp_path, ["optlab"], {"moons": "abc"})
    assert load(tmp_path).provenance["data"] == {"moons": "abc"}


def test_a_folder_without_results_is_refused(tmp_path):
    with pytest.raises(UserError, match="no such folder"):
        load(tmp_path / "missing")
    with pytest.raises(UserError, match="holds no results"):
        load(tmp_path)


@pytest.mark.parametrize("table", ["runs", "trajectories"])
def test_a_stack_with_a_damaged_part_is_skipped_and_named(tmp_path, write, table):
    part = write(tmp_path / "a", "one") / table / "one.parquet"
    write(tmp_path / "b", "two")
    part.write_bytes(part.read_bytes()[:100])
    results = load(tmp_path)
    assert len(results.runs) == 3 and set(results.runs["stack_id"]) == {"two"}
    assert set(results.trajectories["run_id"]) == set(results.runs["run_id"])
    (what,) = results.skipped_files
    assert what.startswith(f"{part}: cannot be read as a table (") and "\n" not in what
    assert load(tmp_path / "b").skipped_files == ()


def test_if_nothing_can_be_read_the_damage_is_an_error(tmp_path, write):
    part = write(tmp_path) / "runs" / "stack.parquet"
    part.write_bytes(b"PAR1")
    with pytest.raises(UserError, match=r"runs/stack.parquet: cannot be read .* trains its runs again"):
        load(tmp_path)


def test_results_of_a_newer_format_are_refused(tmp_path, write):
    (write(tmp_path) / "provenance.json").write_text('{"format": 99}')
    with pytest.raises(UserError, match=r"it has format 99.*install a newer optlab"):
        load(tmp_path)


NEWER = ("test_accuracy", "grad_norm", "final_test_accuracy", "best_validation_cost")


@pytest.fixture
def older(tmp_path, write):
    """A folder that was written before there were some of the metrics."""
    folder = write(tmp_path / "older", "one")
    for part in folder.rglob("*.parquet"):
        table = pq.read_table(part)
        pq.write_table(table.drop_columns([name for name in NEWER if name in table.column_names]), part)
    return folder


def test_metrics_that_a_folder_was_written_without_are_missing_values(older):
    results = load(older)
    for name in NEWER:
        table = results.runs if name in columns.OUTCOMES else results.trajectories
        assert table[name].isna().all() and table[name].dtype == float
    assert results.runs["final_test_cost"].dtype == float and len(results.runs) == 3


def test_an_older_folder_can_be_read_with_a_newer_one(older, tmp_path, labels, history):
    parts.prepare(tmp_path / "newer")
    others = [label._replace(run_id=f"other{r}") for r, label in enumerate(labels)]
    parts.stack(tmp_path / "newer", "two", others, history)
    results = load(older, tmp_path / "newer")
    known = results.runs.set_index("run_id")["final_test_accuracy"].notna()
    assert known.to_dict() == {f"run{r}": False for r in range(3)} | {f"other{r}": True for r in range(3)}


@pytest.mark.parametrize("table, column", [("runs", "final_train_cost"), ("trajectories", "train_cost")])
def test_without_the_training_cost_a_part_is_damaged(tmp_path, write, table, column):
    part = write(tmp_path) / table / "stack.parquet"
    pq.write_table(pq.read_table(part).drop_columns(column), part)
    with pytest.raises(UserError, match=f"{part}: has no column {column}"):
        load(tmp_path)


def test_no_folder_at_all_is_refused():
    with pytest.raises(UserError, match=r"optlab\.load\(\): no folder is named; write"):
        load()


def test_a_diverged_run_is_worth_the_worst(folder):
    values = read.objective_values(folder, {"final_train_cost", "final_train_accuracy"})
    assert values["final_train_cost"] == {"run0": 9.0, "run1": 4.0, "run2": math.inf}
    assert values["final_train_accuracy"]["run2"] == 0.0


def test_a_metric_that_a_folder_was_written_without_is_not_available(folder):
    part = folder / "runs" / "stack.parquet"
    pq.write_table(pq.read_table(part).drop_columns("final_test_accuracy"), part)
    values = read.objective_values(folder, {"final_test_accuracy"})["final_test_accuracy"]
    assert math.isnan(values["run0"]) and values["run2"] == 0.0


def test_a_folder_whose_name_is_no_utf_8_is_read(folder):
    odd = folder.with_name(os.fsdecode(b"results\xff"))
    folder.rename(odd)
    assert list(load(odd).runs["run_id"]) == ["run0", "run1", "run2"]
