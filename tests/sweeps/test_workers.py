"""Stacks trained side by side: the same tables whoever trains, and what fails leaves the rest alone."""

import importlib.util
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress

import joblib
import numpy as np
import pytest

import optlab
from optlab.core.errors import Incomplete, UserError
from optlab.optimizers import Rule
from optlab.store.results import load
from optlab.sweeps import backends, plan, workers
from optlab.sweeps.execute import execute
from optlab.sweeps.plan import Limits
from optlab.sweeps.workers import Workers
from tests.sweeps.results import assert_same, tables

TWO = Workers(n_jobs=2)

HELD = []


@pytest.fixture
def jobs(config):
    return [
        (config(optimizer__lr=r, seed=s, training__batch_size=20), (f"optimizer.lr={r}", f"seed={s}"))
        for s in (0, 1, 2)
        for r in (0.1, 1.0, 2.0)
    ]


@pytest.fixture
def registered():
    """A function that registers an optimizer for one test."""
    added = []

    def register(factory):
        added.append(factory.__name__)
        return optlab.register("optimizer", "gradient")(factory)

    yield register
    for name in added:
        del optlab.optimizers.REGISTRY._entries[name]


def needs(package):
    missing = importlib.util.find_spec(package) is None
    return pytest.mark.skipif(missing, reason=f"{package} is not installed")


@pytest.mark.parametrize(
    "backend",
    [
        "loky",
        "threading",
        pytest.param("dask", marks=needs("distributed")),
        pytest.param("submitit", marks=needs("submitit")),
        pytest.param("ray", marks=[needs("ray"), pytest.mark.slow]),
    ],
)
@pytest.mark.filterwarnings("default")  # of the backends' own packages
def test_every_backend_gives_the_same_bits(jobs, tmp_path, backend):
    execute(jobs, tmp_path / "here", Limits())
    execute(jobs, tmp_path / "there", Limits(), workers=Workers(2, backend))
    assert_same(tables(tmp_path / "here"), tables(tmp_path / "there"))
    assert {path.name for path in (tmp_path / "there").iterdir()} == {
        "runs",
        "trajectories",
        "provenance.json",
    }


def test_sweeps_with_other_numbers_of_workers_follow_each_other_in_one_process(jobs, tmp_path):
    for number in (2, 3, 2):
        execute(
            jobs, tmp_path / f"{number}{len(list(tmp_path.iterdir()))}", Limits(), workers=Workers(number)
        )
    assert [len(load(folder).runs) for folder in tmp_path.iterdir()] == [9, 9, 9]


def test_one_worker_or_one_stack_is_this_process(jobs, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "pool", None)
    execute(jobs, tmp_path / "one", Limits(), workers=Workers(n_jobs=1))
    execute(jobs[:3], tmp_path / "two", Limits(), workers=TWO)


def grown():
    """Take 400 MB for good, after a while that is long enough to be noticed; returns who has done so."""
    HELD.append(np.ones(50_000_000))
    time.sleep(1.1)
    return os.getpid()


@pytest.mark.skipif(importlib.util.find_spec("psutil") is None, reason="psutil is not installed")
def test_workers_that_have_grown_go_on(tmp_path):
    with backends.pool("loky", 2, None, {}, tmp_path) as run:
        run(())
        parallel = joblib.Parallel(**backends.PLAIN)
        first, second = (set(parallel(joblib.delayed(grown)() for _ in range(2))) for _ in range(2))
    assert first == second


def test_short_memory_means_fewer_workers_not_other_stacks(jobs, monkeypatch):
    stacks = plan.stacks(plan.runs(jobs), Limits())
    assert workers.number(stacks, Workers(n_jobs=3)) == 3
    monkeypatch.setattr(workers, "available", lambda: 6e8)
    assert workers.number(stacks, Workers(n_jobs=3)) == 2
    monkeypatch.setattr(workers, "available", lambda: 1.0)
    assert workers.number(stacks, Workers(n_jobs=3)) == 1


def test_by_default_every_usable_core_has_a_worker(jobs):
    stacks = plan.stacks(plan.runs(jobs), Limits(max_stack=1))
    assert workers.number(stacks, Workers()) == workers.number(stacks, Workers(-1)) == min(9, workers.cores())


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
    marker = tmp_path / "died"

    @registered
    def fragile(lr: float = 0.1):
        def update(w, state, objective):
            if not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return w - lr * objective.gradient(w), state

        return Rule(lambda w, objective: None, update)

    jobs = fragile_jobs(config)
    execute(jobs, tmp_path / "cut", Limits(), workers=Workers(2, backend))
    execute(jobs, tmp_path / "whole", Limits())
    assert_same(tables(tmp_path / "cut"), tables(tmp_path / "whole"))


@pytest.fixture
def listening():
    """A function that opens a port which says something, or nothing, to whoever comes; gives its address."""
    doors = []

    def listen(says):
        door = socket.create_server(("127.0.0.1", 0))
        doors.append(door)

        def serve():
            with suppress(OSError), door.accept()[0] as guest:
                guest.sendall(says)
                while guest.recv(99):
                    pass

        threading.Thread(target=serve, daemon=True).start()
        return f"tcp://127.0.0.1:{door.getsockname()[1]}"

    yield listen
    for door in doors:
        door.close()


@pytest.mark.parametrize(
    "says, why",
    [(None, "refused"), (b"", "timed out"), (b"HTTP/1.1 400 Bad Request\r\n\r\n", "something else listens")],
)
@pytest.mark.parametrize(
    "backend", [pytest.param("dask", marks=needs("distributed")), pytest.param("ray", marks=needs("ray"))]
)
@pytest.mark.filterwarnings("default")
def test_an_address_without_a_scheduler_is_told_in_one_line(
    jobs, tmp_path, monkeypatch, listening, backend, says, why
):
    monkeypatch.setattr(backends, "CONNECT_SECONDS", 0.2)
    address = "tcp://127.0.0.1:9" if says is None else listening(says)
    with pytest.raises(UserError, match=f"hydra.launcher.address={address}: no scheduler answers .*{why}"):
        execute(jobs, tmp_path, Limits(), workers=Workers(2, backend, address))
    assert not (tmp_path / "provenance.json").exists()


@needs("distributed")
@pytest.mark.filterwarnings("default")
def test_a_running_scheduler_gives_the_same_bits_and_goes_on_running(jobs, tmp_path):
    from distributed import LocalCluster

    execute(jobs, tmp_path / "here", Limits())
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        execute(jobs, tmp_path / "there", Limits(), workers=Workers(2, "dask", cluster.scheduler_address))
        assert len(cluster.workers) == 1
    assert_same(tables(tmp_path / "here"), tables(tmp_path / "there"))


@pytest.mark.parametrize("n", [1, 2])
def test_an_address_for_a_backend_without_scheduler_is_refused(jobs, tmp_path, n):
    with pytest.raises(UserError, match="backend loky has no scheduler"):
        execute(jobs, tmp_path, Limits(), workers=Workers(n, "loky", "tcp://127.0.0.1:9"))


def test_a_finished_folder_needs_no_scheduler(jobs, tmp_path):
    execute(jobs, tmp_path, Limits())
    execute(jobs, tmp_path, Limits(), workers=Workers(2, "dask", "tcp://127.0.0.1:9"))


def test_a_backend_whose_package_is_missing_names_the_extra(jobs, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "submitit", None)
    with pytest.raises(UserError, match=r"submitit is not installed; pip install 'optlab\[slurm\]'"):
        execute(jobs, tmp_path, Limits(), workers=Workers(2, "submitit"))
