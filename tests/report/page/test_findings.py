from dataclasses import replace

import numpy as np

from optlab.analysis.study import study
from optlab.report.page.findings import findings

TWO = {"sgd": (0.3, 0.02), "newton": (6.0, 1.0)}


def found(results):
    return findings(study(results))


def test_the_leader_is_named_with_value_setting_and_the_next(sweep):
    first = found(sweep(optimizers=TWO, problems=("breast_cancer",)))[0]
    assert first.verdict == "newton leads"
    assert first.leader == "newton"
    assert "a final training cost J of 0.05039 (geometric mean) at lr=0.0316" in first.text
    assert "sgd follows with 0.1530, 3.04 times as high." in first.text


def test_equal_optimizers_are_not_told_apart(sweep):
    first = found(sweep(optimizers=["a", "b"], noise=0.0, rates=[0.1, 1.0]))[0]
    assert first.verdict == "No optimizer is ahead"
    assert first.leader is None
    assert "b is equal to it to rounding." in first.text


def test_of_those_not_told_apart_the_one_with_the_fewest_steps_is_named(sweep):
    results = sweep(optimizers=["a", "b"], noise=0.0, rates=[0.1, 1.0])
    runs = results.runs.assign(steps=results.runs["steps"].mask(results.runs["optimizer"] == "b", 7))
    assert "Of these b took the fewest steps, 7." in found(replace(results, runs=runs))[0].text


def test_where_batches_differ_epochs_are_counted(mixed):
    epochs = mixed.runs["optimizer"].map({"newton": 5.0, "sgd": 9.0})
    runs = mixed.runs.assign(final_train_cost=0.1, epochs=epochs)
    assert "Of these newton took the fewest epochs, 5." in found(replace(mixed, runs=runs))[0].text


def test_a_best_rate_at_the_edge_is_said(sweep):
    assert "highest of the grid for adagrad and sgd" in found(sweep())[0].text


def test_only_diverged_runs_are_said(sweep):
    results = sweep(optimizers={"adam": (40.0, 0.2)}, rates=[1.0, 3.0])
    assert {finding.verdict for finding in found(results)} == {"Every run diverged"}


def test_one_optimizer_is_no_contest(sweep):
    assert found(sweep(optimizers=["adam"], rates=[0.1]))[0].verdict == "Only adam was run"


def test_missing_costs_are_said(sweep):
    results = sweep(optimizers=["adam", "sgd"], rates=[0.1])
    results = replace(results, runs=results.runs.assign(final_train_cost=np.nan))
    assert found(results)[0].verdict == "Nothing to compare"
