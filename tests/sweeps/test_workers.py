"""Stacks trained side by side: the same tables whoever trains, and what fails leaves the rest alone."""

import os
import signal

import numpy as np
import pytest

from optlab.core.errors import Incomplete
from optlab.optimizers import Rule
from optlab.store.read import load
from optlab.sweeps import plan, workers
from optlab.sweeps.backends import Backend
from optlab.sweeps.execute import execute
from optlab.sweeps.plan import Limits
from optlab.sweeps.workers import Workers
from tests.sweeps.results import assert_same, needs, tables

TWO = Workers(n_jobs=2)


def test_sweeps_with_other_numbers_of_workers_follow_each_other_in_one_process(jobs, tmp_path):
    for number in (2, 3, 2):
        execute(
            jobs, tmp_path / f"{number}{len(list(tmp_path.iterdir()))}", Limits(), workers=Workers(number)
        )
    assert [len(load(folder).runs) for folder in tmp_path.iterdir()] == [9, 9, 9]


def test_one_worker_or_one_stack_is_this_process(jobs, tmp_path, monkeypatch):
    monkeypatch.setattr(Backend, "pool", None)
    execute(jobs, tmp_path / "one", Limits(), workers=Workers(n_jobs=1))
    execute(jobs[:3], tmp_path / "two", Limits(), workers=TWO)


def test_short_memory_means_fewer_workers_not_other_stacks(jobs, monkeypatch):
    stacks = plan.stacks(plan.runs(jobs), Limits())
    assert workers.worker_count(stacks, Workers(n_jobs=3)) == 3
    monkeypatch.setattr(workers, "available", lambda: 6e8)
    assert workers.worker_count(stacks, Workers(n_jobs=3)) == 2
    monkeypatch.setattr(workers, "available", lambda: 1.0)
    assert workers.worker_count(stacks, Workers(n_jobs=3)) == 1


def test_by_default_every_usable_core_has_a_worker(jobs):
    stacks = plan.stacks(plan.runs(jobs), Limits(max_stack=1))
    assert (
        workers.worker_count(stacks, Workers())
        == workers.worker_count(stacks, Workers(-1))
        == min(9, workers.cores())
    )


def test_workers_know_what_the_user_has_registered(jobs, config, tmp_path, registered):
    @registered
    def mine(lr: float = 0.1):
        return Rule(lambda w, objective: None, lambda w, s, objective: (w - lr * objective.gradient(w), s))

    own = [
        (config(optimizer={"name": "mine", "lr": 0.1}, seed=s, training__batch_size=20), ()) for s in (0, 1)
    ]
    execute(own, tmp_path, Limits(), workers=TWO)
    assert list(load(tmp_path).runs["optimizer"]) == ["mine", "mine"]


def killed_at(rate, how):
    """An optimizer that ends its process, or raises, where the learning rate is `rate`."""

    def fragile(lr: float = 0.1):
        def update(w, state, objective):
            if np.any(np.asarray(lr) == rate):
                os.kill(os.getpid(), signal.SIGKILL) if how == "killed" else 1 / 0
            return w - lr * objective.gradient(w), state

        return Rule(lambda w, objective: None, update)

    return fragile


def fragile_jobs(config):
    return [
        (
            config(optimizer={"name": "fragile", "lr": r}, seed=s, training__batch_size=20),
            (f"optimizer.lr={r}",),
        )
        for s in (0, 1)
        for r in (0.1, 0.2, 0.3, 0.4)
    ]


@pytest.mark.parametrize("how, why", [("killed", "the worker died"), ("raises", "ZeroDivisionError")])
def test_what_fails_is_named_and_all_else_is_kept(config, tmp_path, registered, how, why):
    registered(killed_at(0.2, how))
    with pytest.raises(Incomplete, match=rf"2 runs could not be trained: optimizer.lr=0.2 \({why}.*"):
        execute(fragile_jobs(config), tmp_path, Limits(), workers=TWO)
    assert sorted(load(tmp_path).runs["lr"]) == [0.1, 0.1, 0.3, 0.3, 0.4, 0.4]


def test_in_this_process_too_a_failing_run_does_not_take_the_rest_along(config, tmp_path, registered):
    registered(killed_at(0.2, "raises"))
    with pytest.raises(Incomplete, match="2 runs could not be trained"):
        execute(fragile_jobs(config), tmp_path, Limits())
    assert len(load(tmp_path).runs) == 6


@pytest.mark.parametrize("backend", ["loky", pytest.param("dask", marks=needs("distributed"))])
@pytest.mark.filterwarnings("default")
def test_a_worker_that_dies_once_costs_nothing(config, tmp_path, registered, backend):
    marker, parent = tmp_path / "died", os.getpid()  # where the rule is checked before it is trained

    @registered
    def fragile(lr: float = 0.1):
        def update(w, state, objective):
            if os.getpid() != parent and not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return w - lr * objective.gradient(w), state

        return Rule(lambda w, objective: None, update)

    jobs = fragile_jobs(config)
    execute(jobs, tmp_path / "cut", Limits(), workers=Workers(2, backend))
    execute(jobs, tmp_path / "whole", Limits())
    assert_same(tables(tmp_path / "cut"), tables(tmp_path / "whole"))
