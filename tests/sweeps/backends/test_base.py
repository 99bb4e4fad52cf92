"""The same tables whatever backend has trained them; addresses and packages that are not there."""

import socket
import sys
import threading
from contextlib import suppress

import pytest

from optlab.core.errors import UserError
from optlab.sweeps.backends import base
from optlab.sweeps.execute import execute
from optlab.sweeps.plan import Limits
from optlab.sweeps.workers import Workers
from tests.sweeps.results import assert_same, needs, tables


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
    monkeypatch.setattr(base, "CONNECT_SECONDS", 0.2)
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
    with pytest.raises(UserError, match=r"backend loky has no scheduler; .*backend=dask or ray,"):
        execute(jobs, tmp_path, Limits(), workers=Workers(n, "loky", "tcp://127.0.0.1:9"))


def test_a_finished_folder_needs_no_scheduler(jobs, tmp_path):
    execute(jobs, tmp_path, Limits())
    execute(jobs, tmp_path, Limits(), workers=Workers(2, "dask", "tcp://127.0.0.1:9"))


def test_a_backend_whose_package_is_missing_names_the_extra(jobs, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "submitit", None)
    with pytest.raises(UserError, match=r"submitit is not installed; pip install 'optlab-sweeps\[slurm\]'"):
        execute(jobs, tmp_path, Limits(), workers=Workers(2, "submitit"))
    assert not any(path.is_file() for path in tmp_path.rglob("*"))
