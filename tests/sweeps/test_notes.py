"""Notes of workers, and what is left of those of a sweep that was killed."""

import os

import numpy as np
import pytest

from optlab.sweeps import notes
from optlab.sweeps.notes import Abandoned, Note, Notebook


def test_a_note_is_read_as_it_was_written(tmp_path):
    with notes.notes_folder(tmp_path) as work:
        book = Notebook(work, "stack")
        assert notes.read(work) == {"stack": Note()}
        book.write(Note(0.5, 1, 0.25))
        assert notes.read(work) == {"stack": Note(0.5, 1, 0.25)}
        notes.clear(work)
        assert notes.read(work) == {}
    assert not list(tmp_path.iterdir())


def test_a_worker_that_nobody_waits_for_is_told(tmp_path):
    with notes.notes_folder(tmp_path) as work:
        book = Notebook(work, "stack")
        with pytest.raises(Abandoned):
            Notebook(work, "other", parent=os.getppid() + 1)
    with pytest.raises(Abandoned):
        book.write(Note())


def test_diverged_runs_are_counted_and_left_out_of_the_median():
    assert notes.progress_note(0.5, np.array([1.0, np.nan, 3.0])) == Note(0.5, 1, 2.0)
    assert notes.progress_note(1.0, np.array([np.nan])).cost is None


def test_semaphores_of_a_killed_sweep_are_removed_and_no_others(tmp_path, monkeypatch):
    monkeypatch.setattr(notes, "SEMAPHORES", tmp_path / "shm")
    (tmp_path / "shm").mkdir()
    dead, alive = 2**22 + 1, os.getpid()  # no process has so high a number
    for pid in (dead, alive, dead + 1):
        (tmp_path / "shm" / f"sem.loky-{pid}-abc").touch()
    for pid in (dead, alive):
        (tmp_path / f".work-{pid}-xyz").mkdir()
    notes.tidy(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"shm"}
    left = {path.name for path in (tmp_path / "shm").iterdir()}
    assert left == {f"sem.loky-{alive}-abc", f"sem.loky-{dead + 1}-abc"}
