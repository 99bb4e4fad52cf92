"""An excerpt is a result folder like any other, with some of the runs."""

import pytest

from optlab.core.errors import UserError
from optlab.store.excerpt import excerpt
from optlab.store.read import load


def test_some_runs_are_taken_out_as_they_are(folder):
    excerpt(folder, ["run2", "run0"], folder / "excerpt")
    whole, some = load(folder), load(folder / "excerpt")
    assert list(some.runs["run_id"]) == ["run0", "run2"]
    for name in ("runs", "trajectories"):
        table = getattr(whole, name)
        kept = table[table["run_id"].isin(["run0", "run2"])].reset_index(drop=True)
        assert getattr(some, name).equals(kept)


def test_a_folder_and_its_excerpt_are_read_once(folder):
    excerpt(folder, ["run1"], folder / "excerpt")
    results = load(folder)
    assert sorted(results.runs["run_id"]) == ["run0", "run1", "run2"]
    assert results.folders == (folder,)  # where the code below a figure finds them


def test_a_folder_without_parts_of_its_own_is_refused(folder, tmp_path):
    excerpt(folder, ["run1"], tmp_path / "study" / "excerpt")
    with pytest.raises(UserError, match="holds no runs itself"):
        excerpt(tmp_path / "study", ["run1"], tmp_path / "out")
