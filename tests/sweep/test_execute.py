import pandas as pd
import pytest

from optlab.errors import UserError
from optlab.store.results import load
from optlab.sweep import task as module
from optlab.sweep.execute import execute
from optlab.sweep.plan import Limits


@pytest.fixture
def jobs(config):
    return [
        (config(optimizer__lr=r, seed=s, training__batch_size=20), ()) for s in (0, 1) for r in (0.1, 1.0)
    ]


def tables(folder):
    results = load(folder)
    runs = results.runs.drop(columns="seconds").sort_values("run_id", ignore_index=True)
    points = results.trajectories.drop(columns="seconds").sort_values(["run_id", "step"], ignore_index=True)
    return runs, points


def assert_same(one, other):
    for left, right in zip(one, other, strict=True):
        pd.testing.assert_frame_equal(left, right, check_exact=True)


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


def test_the_watch_hears_of_every_run(jobs, tmp_path):
    heard = []

    class Watch:
        def begins(self, runs, present, stacks):
            heard.append((runs, present, stacks))

        def advances(self, stack, note):
            pass

        def trained(self, stack, note):
            heard.append((len(stack.runs), note.share, note.diverged))

    execute(jobs, tmp_path, Limits(), (), Watch())
    assert heard == [(4, 0, 2), (2, 1.0, 0), (2, 1.0, 0)]
