import json

import pytest

from optlab.analysis.problem.folders import with_folders
from optlab.analysis.problem.problems import with_problems
from optlab.report.page import setup


@pytest.fixture
def joined(sweep, tmp_path):
    """Runs of two folders, and a function that makes their table with the checksums of their data."""
    runs = sweep({"sgd": (0.3, 0.05), "adam": (1.0, 0.1)}, [0.1], 2, ["digits"]).runs
    homes = tmp_path / "a", tmp_path / "b"
    for home, name in zip(homes, ("sgd", "adam"), strict=True):
        (home / "runs").mkdir(parents=True)
        runs[runs["optimizer"] == name][["run_id"]].to_parquet(home / "runs" / "s.parquet")

    def make(*checksums):
        for home, checksum in zip(homes, checksums, strict=True):
            (home / "provenance.json").write_text(json.dumps({"data": {"digits": checksum}}))
        return with_problems(with_folders(runs, homes))

    return make


def test_every_run_is_marked_with_the_folder_it_came_from(joined):
    runs = joined("1" * 64, "1" * 64)
    assert runs.groupby("optimizer")["folder"].unique().str[0].str[-1].to_dict() == {"sgd": "a", "adam": "b"}
    (table,) = setup.tables(runs)
    assert [row[1].text for row in table.rows] == ["2", "2"]
    assert [row[3].text for row in table.rows] == ["sgd", "adam"]


def test_the_same_data_make_one_problem(joined):
    runs = joined("1" * 64, "1" * 64)
    assert runs["problem"].nunique() == 1
    assert setup.apart(runs) == []


def test_other_data_of_the_same_name_are_not_compared_and_it_is_said(joined):
    runs = joined("1" * 64, "2" * 64)
    assert runs["problem"].nunique() == 2
    (told,) = setup.apart(runs)
    assert "sha256=11111111" in told and "sha256=22222222" in told and "not compared" in told


def test_one_folder_needs_no_marks(sweep):
    runs = sweep(rates=[0.1], seeds=1).runs
    assert not with_folders(runs, ["one"])[["folder", "data_sha256", "data_version"]].any(axis=None)
    assert setup.tables(with_folders(runs, ["one"])) == []
