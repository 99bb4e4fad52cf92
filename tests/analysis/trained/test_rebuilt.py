from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from optlab.analysis.study import study
from optlab.analysis.trained.predictions import answers
from optlab.analysis.trained.rebuilt import rebuild, unscaled
from optlab.core.errors import UserError
from optlab.objective.loss import mean_loss
from optlab.runs import recorded_data


def test_a_rebuilt_model_has_the_recorded_costs_at_every_point(circles):
    for run in study(circles).models():
        samples = run.model.prepare(run.dataset.train, run.parameters.dtype)
        cost = mean_loss(run.model, run.parameters, samples).loss
        np.testing.assert_allclose(cost, run.points["train_cost"], rtol=1e-12)


def test_final_parameters_alone_give_the_recorded_accuracy(digits):
    for run in study(digits).models():
        found = answers(run)
        right, recorded = found.predicted == found.y, run.points["test_accuracy"].iloc[-1]
        assert found.part == "test" and right.mean() == pytest.approx(recorded, abs=1e-12)


def test_early_stopping_ends_with_the_best_point(trained, tmp_path):
    data = {"name": "moons", "n_samples": 40}
    results = trained(tmp_path, data, {"name": "mlp", "hidden": [2]}, ["sgd"], lrs=[30.0], seeds=[0],
                      patience=3, max_steps=10, record_parameters="all")  # fmt: skip
    (run,) = study(results).models()
    assert run.final_row < len(run.points) - 1
    assert run.points["validation_cost"].iloc[run.final_row] == results.runs["best_validation_cost"].iloc[0]
    assert run.points["train_cost"].iloc[run.final_row] == results.runs["final_train_cost"].iloc[0]


def test_unscaled_rows_are_those_that_the_run_saw(digits):
    run = study(digits).models()[0]
    raw, seen = unscaled(run).train, run.dataset.train
    np.testing.assert_array_equal(raw.y, seen.y)
    varying = raw.x.std(0) > 0
    expected = ((raw.x - raw.x.mean(0)) / np.where(varying, raw.x.std(0), 1))[:, varying]
    np.testing.assert_allclose(seen.x[:, varying], expected, rtol=0, atol=1e-10)


def test_without_recorded_parameters_the_remedy_is_named(trained, tmp_path):
    results = trained(tmp_path, {"name": "moons", "n_samples": 40}, {"name": "logistic"})
    with pytest.raises(UserError, match=r"training\.record_parameters=all"):
        study(results).models()


def test_data_that_are_not_here_are_not_downloaded(circles, monkeypatch):
    monkeypatch.setattr(recorded_data, "locate", lambda file: None)
    published = SimpleNamespace(about=SimpleNamespace(files=("a file",)))
    monkeypatch.setattr(recorded_data, "REGISTRY", SimpleNamespace(entry=lambda name: published))
    row = study(circles).runs.iloc[0]
    with pytest.raises(UserError, match="optlab-data fetch circles"):
        rebuild(circles, row)


def test_other_data_under_the_same_name_are_refused(circles):
    runs = study(circles).runs
    runs.loc[0, "run_id"] = "0" * 16
    with pytest.raises(UserError, match="not those of run 0000"):
        rebuild(replace(circles, runs=runs), runs.iloc[0])


def test_an_unknown_problem_is_told_with_those_there_are(circles):
    with pytest.raises(UserError, match="problem=mnist: there is no such problem; choose from circles"):
        study(circles).models("mnist")
