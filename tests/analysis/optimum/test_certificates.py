import json

import numpy as np
import pandas as pd
import pytest

from optlab.analysis.optimum import cache as cache_room
from optlab.analysis.optimum import certificates
from optlab.analysis.optimum.certificates import with_gap, with_optimum
from optlab.analysis.problem.problems import with_problems
from optlab.datasets import download, load
from optlab.runs import build, identity
from optlab.runs.schema import Schema


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(cache_room, "cache_folder", lambda: tmp_path)
    return tmp_path / "optima"


@pytest.fixture
def runs(table):
    """One run of penalised logistic regression with a true configuration and its true id."""
    config = Schema().canonical(
        {
            "dataset": {"name": "breast_cancer"},
            "model": {"name": "logistic", "l2": 0.1},
            "optimizer": {"name": "sgd"},
            "schedule": {"name": "constant"},
            "training": {},
        }
    )
    run_id = identity.run_of(config, load(config["dataset"]).sha256).run_id
    return with_problems(table(("sgd", 0.1, 0, 0.5), config=json.dumps(config), run_id=run_id))


def test_the_minimum_is_found_once_and_kept(runs, cache, monkeypatch):
    first = with_optimum(runs)
    assert 0.1 < first["optimum"].item() < 0.3
    assert first["optimum_gap"].item() <= 1e-12
    assert len(list(cache.rglob("*.json"))) == 1
    monkeypatch.setattr(certificates, "recorded_model", None)  # it would be an error to read the data again
    pd.testing.assert_frame_equal(with_optimum(runs), first)


def test_a_damaged_entry_of_the_cache_is_made_again(runs, cache):
    first = with_optimum(runs)
    next(cache.rglob("*.json")).write_text("{")
    pd.testing.assert_frame_equal(with_optimum(runs), first)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"run_id": "other"}, "not on this machine"),
        ({"config": "{broken"}, "not convex"),
        ({"final_train_cost": 0.01}, "lower cost than the minimum"),
    ],
)
def test_without_a_certificate_nothing_is_subtracted_and_it_is_said(runs, cache, changes, reason):
    found = with_optimum(runs.assign(**changes))
    assert found["optimum"].isna().all()
    assert reason in found["optimum_reason"].item()


def test_data_that_cannot_be_had_are_said(runs, cache):
    config = json.loads(runs["config"].item())
    config["dataset"] = {"name": "csv", "path": "/nowhere.csv"}
    found = with_optimum(runs.assign(config=json.dumps(config)))
    assert "not on this machine" in found["optimum_reason"].item()


def test_data_are_never_downloaded(runs, cache, tmp_path, monkeypatch):
    monkeypatch.delenv("OPTLAB_DATA_DIR", raising=False)
    monkeypatch.setattr(download, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(download, "_download", None)  # it would be an error to ask for it
    config = json.loads(runs["config"].item())
    config["dataset"] = {"name": "pima"}
    found = with_optimum(runs.assign(config=json.dumps(config)))
    assert "not on this machine" in found["optimum_reason"].item()


def test_the_final_gap_is_what_is_left_to_the_minimum(runs, cache):
    found = with_optimum(runs)
    assert found["final_gap"].item() == 0.5 - found["optimum"].item()


def test_a_given_minimum_is_believed(runs, cache):
    found = with_optimum(runs.assign(config=""), {runs["problem"].item(): 0.25})
    assert found["optimum"].item() == 0.25


def test_a_gap_is_at_least_what_is_known_of_it_and_at_most_the_cost():
    runs = pd.DataFrame(
        {
            "run_id": [*"abcd"],
            "optimum": [0.5, 0.5, 0.5, np.nan],
            "optimum_gap": [1e-20, 1e-6, 1e-20, np.nan],
            "rounding": [1e-20, 1e-20, 1e-7, np.nan],
        }
    )
    points = pd.DataFrame({"run_id": [*"aabcd"], "train_cost": [0.75, 0.5, 0.5, 0.5, 0.75]})
    assert with_gap(points, runs)["gap"].tolist() == [0.25, 5 * np.finfo(float).eps, 1e-6, 1e-7, 0.75]


def test_the_minimum_is_that_of_doubles_whatever_the_precision_of_the_runs(runs, cache):
    single = json.dumps({**json.loads(runs["config"].item()), "dtype": "float32"})
    config = Schema().canonical(json.loads(single))
    run_id = identity.run_of(config, load(config["dataset"]).sha256).run_id
    first = with_optimum(runs.assign(config=single, run_id=run_id))  # and into the cache
    second = with_optimum(runs)
    assert first["optimum"].item() == second["optimum"].item()
    assert second["rounding"].item() < 1e-14 < 1e-9 < first["rounding"].item() < 1e-6


def test_runs_on_other_data_of_the_same_path_have_a_minimum_of_their_own(runs, cache, tmp_path, monkeypatch):
    """Two folders name one file, whose content changed in between; its first content is in the cache."""
    path = tmp_path / "data.csv"
    both = []
    for number, flips in enumerate((2, 9)):
        build._load.cache_clear()  # a file is not expected to change while a process runs
        rows = [f"{x},{(x > 20) ^ (x % 20 < flips):d}" for x in range(40)]
        path.write_text("\n".join(["x,y", *rows]))
        section = {"name": "csv", "path": str(path), "target": "y"}
        config = Schema().canonical({**json.loads(runs["config"].item()), "dataset": section})
        run_id = identity.run_of(config, load(config["dataset"]).sha256).run_id
        columns = {"config": json.dumps(config), "run_id": run_id, "stack_id": f"stack{number}"}
        run = runs.assign(**columns, final_train_cost=1.0)
        alone = with_optimum(run)["optimum"].item()
        both.append((run, alone))
    (one, first), (other, second) = both
    assert abs(first - second) > 0.1
    for order in ([one, other], [other, one]):
        found = with_optimum(pd.concat(order, ignore_index=True)).set_index("run_id")["optimum"]
        assert found[one["run_id"].item()] == first
        assert found[other["run_id"].item()] == second
