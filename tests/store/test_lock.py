import os
import subprocess
import sys

import pytest

from optlab.core.errors import UserError
from optlab.store.lock import lock

HOLD = "import sys, time; from pathlib import Path; from optlab.store.lock import lock\n" \
    "with lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"  # fmt: skip


def test_a_second_holder_is_refused_in_one_line_that_names_the_first(tmp_path):
    refused = pytest.raises(UserError, match=r"process \d+ on .* is training into it; wait")
    with lock(tmp_path), refused, lock(tmp_path):
        pass


def test_a_lock_can_be_taken_again_and_leaves_no_file(tmp_path):
    for _ in range(2):
        with lock(tmp_path):
            pass
    assert not list(tmp_path.iterdir())


def test_a_dead_process_leaves_no_lock(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UserError, match=str(holder.pid)), lock(tmp_path):
            pass
        holder.kill()
    with lock(tmp_path):
        pass


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_lock_that_is_no_regular_file_is_refused_in_one_line(tmp_path, make):
    make(tmp_path / ".lock")
    with (
        pytest.raises(UserError, match=r"its lock \.lock cannot be opened \(.*\); remove it"),
        lock(tmp_path),
    ):
        pass
