"""A sweep that is killed or interrupted goes on to the tables of one that was not."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from optlab.sweeps.notes import SEMAPHORES
from tests.sweeps.results import assert_same, tables

SWEEP = [
    "dataset=synthetic_logistic",
    "dataset.n_samples=200",
    "optimizer=sgd,adam",
    "optimizer.lr=0.1,0.2,0.4",
    "seed=range(8)",
    "training.batch_size=8",
    "hydra.launcher.n_jobs=2",
]

ATTEMPTS = 100


def started(folder, epochs=20, report=False):
    """The command, in a process group of its own; without a report, which would take most of the time.

    It heeds Ctrl-C, also where the tests run in the background of a script, whose processes ignore it.
    """
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from optlab.cli import app\n"
        f"if not {report}: app.finish = lambda session: print('finished')\n"
        "sys.exit(app.run(sys.argv[1:]))"
    )
    command = [
        sys.executable,
        "-c",
        code,
        "-m",
        *SWEEP,
        f"training.epochs={epochs}",
        f"hydra.sweep.dir={folder}",
    ]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def has_parts(folder, number):
    """Wait until so many stacks are stored."""
    deadline = time.monotonic() + 60
    while len(list(Path(folder).glob("runs/[!.]*.parquet"))) < number:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    out, err = started(folder).communicate()
    assert "48/48 runs" in out, err
    return folder


def killed(folder, moment, parts=0, report=False):
    """Kill the whole process group a moment after so many stacks are stored; returns its number."""
    process = started(folder, report=report)
    if parts:
        has_parts(folder, parts)
    time.sleep(moment)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return process.pid


def resumed(folder):
    """Start the sweep again and let it end."""
    process = started(folder)
    assert process.communicate()[1] == "" and process.returncode == 0
    left = {path.name for path in folder.iterdir()} - {"report", "summary.csv"}
    assert left == {"runs", "trajectories", "provenance.json"}


@pytest.mark.parametrize("parts, moment", [(0, 0.3), (3, 0.05)])
def test_a_killed_sweep_goes_on_to_the_same_bits(whole, tmp_path, parts, moment):
    killed(tmp_path, moment, parts)
    resumed(tmp_path)
    assert_same(tables(tmp_path), tables(whole))


@pytest.mark.slow
def test_a_sweep_killed_at_a_hundred_random_moments_goes_on_to_the_same_bits(whole, tmp_path):
    begin = time.monotonic()
    started(tmp_path / "timed", report=True).communicate()
    seconds, drawn, kept = time.monotonic() - begin, random.Random(0), []
    for attempt in range(ATTEMPTS):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        if attempt % 2:  # start-up takes most of the time: every other moment is one of training
            pid = killed(folder, drawn.uniform(0, 0.3), parts=drawn.randint(1, 7))
        else:
            pid = killed(folder, drawn.uniform(0, seconds), report=True)
        kept.append(len(list(folder.glob("runs/[!.]*.parquet"))))
        resumed(folder)
        assert_same(tables(folder), tables(whole))
        assert not list(SEMAPHORES.glob(f"sem.loky-{pid}-*"))
    print(f"stacks that were stored when the sweep was killed, of 8: {kept}")


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(whole, tmp_path):
    process = started(tmp_path, epochs=400)
    try:
        has_parts(tmp_path, 1)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130, out + err
    assert err.count("\n") == 1 and err.startswith("optlab: interrupted; what was finished is kept"), err
    assert f"hydra.sweep.dir={tmp_path}" in err and out.endswith("finished\n")
    assert {path.name for path in tmp_path.iterdir()} == {"runs", "trajectories", "provenance.json"}


def test_a_damaged_part_is_named_and_its_stack_is_trained_again(whole, tmp_path):
    shutil.copytree(whole, tmp_path / "copy")
    part = min((tmp_path / "copy" / "trajectories").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-20])
    process = started(tmp_path / "copy")
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert str(part) in out and "48 runs, 42 in the folder already; 1 stack to train" in out
    assert_same(tables(tmp_path / "copy"), tables(whole))
