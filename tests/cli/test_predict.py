"""`optlab-predict` writes what the model predicts."""

import csv
import io

import numpy as np
import pytest

from optlab.cli.predict import main


@pytest.fixture(scope="module")
def folder(trained, tmp_path_factory):
    where = tmp_path_factory.mktemp("predict")
    data = {"name": "moons", "n_samples": 60}
    return trained(where, data, {"name": "logistic"}, lrs=[0.01, 0.1], record_parameters="final"), where


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text("x1,x2\n0.5,0.2\n-1.5,1\n")
    return path


def printed(capsys, *arguments):
    assert main(list(map(str, arguments))) == 0
    return list(csv.reader(io.StringIO(capsys.readouterr().out)))


@pytest.mark.parametrize("run", ["best", "first"])
def test_classes_and_probabilities_are_those_of_the_model(folder, rows, capsys, run):
    results, where = folder
    run_id = results.best()["run_id"] if run == "best" else results.runs["run_id"].iloc[0][:12]
    head, *lines = printed(capsys, where, rows, "--run", run if run == "best" else run_id)
    model = results.model(run_id)
    assert head == ["prediction", *(f"probability of {name}" for name in model.classes)]
    x = np.array([[0.5, 0.2], [-1.5, 1.0]])
    assert [line[0] for line in lines] == [str(name) for name in model.predict(x)]
    np.testing.assert_allclose(
        [list(map(float, line[1:])) for line in lines], model.predict_proba(x), rtol=1e-8
    )


def test_a_threshold_decides_between_two_classes(folder, rows, capsys):
    results, where = folder
    names = [str(name) for name in results.model().classes]
    for threshold, name in ((0, names[1]), (1, names[0])):
        _, *lines = printed(capsys, where, rows, "--threshold", threshold)
        assert {line[0] for line in lines} == {name}


def test_mistakes_are_told_in_one_line(folder, rows, capsys):
    rows.write_text("a,b\n1,2\n")
    assert main([str(folder[1]), str(rows), "--run", "zzz"]) == 2
    assert capsys.readouterr().err.startswith("optlab: error: run=zzz: there is no such run")
