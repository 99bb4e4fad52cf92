from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from optlab.core.errors import UserError
from optlab.runs import train as module
from optlab.store.read import load
from optlab.sweeps.execute import execute
from optlab.sweeps.listener import Silent
from optlab.sweeps.plan import Limits
from optlab.sweeps.workers import Workers
from tests.sweeps.results import assert_same, tables


@pytest.fixture
def jobs(config):
    return [
        (config(optimizer__lr=r, seed=s, training__batch_size=20), ()) for s in (0, 1) for r in (0.1, 1.0)
    ]


def test_every_job_is_in_the_tables_once(jobs, tmp_path):
    ids = execute([*jobs, jobs[0]], tmp_path, Limits())
    runs, points = tables(tmp_path)
    assert sorted(runs["run_id"]) == sorted(set(ids)) and ids[0] == ids[-1]
    assert set(points["run_id"]) == set(ids)
    assert set(runs["stack_size"]) == {2}


def test_a_finished_folder_is_not_trained_again(jobs, tmp_path, monkeypatch):
    execute(jobs, tmp_path, Limits())
    before = tables(tmp_path)
    monkeypatch.setattr(module, "train", None)
    execute(jobs, tmp_path, Limits())
    assert_same(tables(tmp_path), before)


def test_an_interrupted_sweep_goes_on_to_the_same_bits(jobs, tmp_path, monkeypatch):
    execute(jobs, tmp_path / "whole", Limits())
    train, calls = module.train, []

    def dies_in_the_second_stack(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return train(*arguments)

    monkeypatch.setattr(module, "train", dies_in_the_second_stack)
    with pytest.raises(KeyboardInterrupt):
        execute(jobs, tmp_path / "cut", Limits())
    assert len(tables(tmp_path / "cut")[0]) == 2
    execute(jobs, tmp_path / "cut", Limits())
    assert len(calls) == 3
    assert_same(tables(tmp_path / "cut"), tables(tmp_path / "whole"))


def test_what_a_killed_sweep_has_left_is_removed_even_if_all_is_trained(jobs, tmp_path):
    execute(jobs, tmp_path, Limits())
    whole = {path.name for path in tmp_path.iterdir()}
    (tmp_path / ".work-1234567890-x").mkdir()
    (tmp_path / ".trial-1234567890").touch()
    execute(jobs, tmp_path, Limits())
    assert {path.name for path in tmp_path.iterdir()} == whole


def test_a_grown_sweep_trains_only_what_is_new(jobs, config, tmp_path):
    execute(jobs, tmp_path, Limits())
    execute([*jobs, (config(optimizer__lr=3.0, training__batch_size=20), ())], tmp_path, Limits())
    assert sorted(load(tmp_path).runs["stack_size"]) == [1, 2, 2, 2, 2]


def test_nothing_is_trained_if_a_later_job_cannot_be(jobs, config, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "train", None)
    with pytest.raises(UserError, match="10 classes"):
        execute([*jobs, (config(dataset={"name": "digits"}), ())], tmp_path / "out", Limits())
    assert not (tmp_path / "out").exists()


def test_a_diverged_run_is_a_result(config, tmp_path):
    execute([(config(optimizer={"name": "sgd", "lr": 1e12}, training__epochs=50), ())], tmp_path, Limits())
    assert list(load(tmp_path).runs["status"]) == ["diverged"]


def test_the_listener_hears_of_every_run(jobs, tmp_path):
    heard = []

    class Listener:
        def on_begin(self, runs, present, stacks):
            heard.append((runs, present, stacks))

        def on_progress(self, stack, note):
            pass

        def on_stored(self, stack, note):
            heard.append((len(stack.runs), note.share, note.diverged))

    execute(jobs, tmp_path, Limits(), (), Listener())
    assert heard == [(4, 0, 2), (2, 1.0, 0), (2, 1.0, 0)]


def timed(config, folder, limits=None, workers=None, **changes):
    jobs = [(config(training__repetitions=3, optimizer__lr=rate, **changes), ()) for rate in (0.1, 1.0)]
    return execute(jobs, folder, limits or Limits(max_stack=1), workers=workers)


def test_repetitions_follow_a_warm_up_and_give_the_median_and_the_spread(config, tmp_path, monkeypatch):
    train, clock = module.train, iter([[9.0, 5.0, 1.0, 4.0], [9.0, 2.0, 2.0, 2.5]])

    def trains(*arguments):
        history = train(*arguments)
        if not seconds:
            seconds.extend(next(clock))
        return replace(history, seconds=np.linspace(0.0, seconds.pop(0), len(history.seconds)))

    seconds = []
    monkeypatch.setattr(module, "train", trains)
    timed(config, tmp_path / "timed")
    runs = pd.read_parquet(tmp_path / "timed" / "runs")
    assert sorted(zip(runs["seconds"], runs["seconds_spread"], strict=True)) == [(2.0, 0.5), (4.0, 4.0)]
    assert load(tmp_path / "timed").trajectories.groupby("run_id")["seconds"].max().tolist() in (
        [2.0, 4.0],
        [4.0, 2.0],
    )


def test_repetitions_do_not_change_the_bits(config, tmp_path):
    timed(config, tmp_path / "timed")
    execute([(config(optimizer__lr=r), ()) for r in (0.1, 1.0)], tmp_path / "once", Limits(max_stack=1))
    timed_runs, once = (load(tmp_path / name).runs.sort_values("lr") for name in ("timed", "once"))
    assert timed_runs["final_train_cost"].tolist() == once["final_train_cost"].tolist()
    assert "seconds_spread" not in once


@pytest.mark.parametrize(
    "limits, workers, changes, told",
    [
        (Limits(), None, {}, "hydra.launcher.max_stack=1"),
        (None, Workers(n_jobs=2), {}, "hydra.launcher.n_jobs=1"),
        (None, None, {"training__max_seconds": 5}, "training.max_seconds=5"),
    ],
)
def test_what_is_not_trained_alone_is_not_repeated(config, tmp_path, limits, workers, changes, told):
    with pytest.raises(UserError, match=f"training.repetitions=3.*{told}"):
        timed(config, tmp_path, limits, workers, **changes)
    assert not list(tmp_path.iterdir())


def test_seeds_that_change_nothing_are_told_before_training(config, tmp_path):
    told = []

    class Listener(Silent):
        def on_message(self, text):
            told.append(text)

    jobs = [(config(seed=seed, training__batch_size=None), ()) for seed in (0, 1)]
    execute(jobs, tmp_path, Limits(), (), Listener())
    assert [text.partition(",")[0] for text in told] == ["the seed changes nothing in 2 runs"]
