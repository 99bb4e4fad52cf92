from dataclasses import replace

import numpy as np

from optlab.analysis.study import study
from optlab.report.page.findings import findings

TWO = {"sgd": (0.3, 0.02), "newton": (6.0, 1.0)}


def found(results):
    return findings(study(results))


def test_the_leader_is_named_with_value_setting_and_the_next(sweep):
    first = found(sweep(optimizers=TWO, problems=("breast_cancer",)))[0]
    assert first.verdict == "Leader: newton"
    assert first.leader == "newton"
    assert "that of newton: 0.05039 (geometric mean) at lr=0.0316" in first.text
    assert "Next: sgd, 0.1530, 3.04 times as high." in first.text


def test_equal_optimizers_are_not_told_apart(sweep):
    first = found(sweep(optimizers=["a", "b"], noise=0.0, rates=[0.1, 1.0]))[0]
    assert first.verdict == "All reach the same"
    assert first.leader is None
    assert "Equal to it, to rounding: b." in first.text


def test_those_that_reach_the_same_are_told_apart_by_their_steps(sweep):
    results = sweep(optimizers=["a", "b"], noise=0.0, rates=[0.1, 1.0])
    runs = results.runs.assign(steps=results.runs["steps"].mask(results.runs["optimizer"] == "b", 7))
    first = found(replace(results, runs=runs))[0]
    assert first.verdict == "All reach the same; the fewest steps: b"
    assert "Steps: b 7, a 100." in first.text


def test_steps_of_a_run_that_the_clock_ended_are_not_praised(sweep):
    results = sweep(optimizers=["a", "b"], noise=0.0, rates=[0.1, 1.0])
    late = results.runs["optimizer"] == "b"
    runs = results.runs.assign(
        steps=results.runs["steps"].mask(late, 7), status=results.runs["status"].mask(late, "timed_out")
    )
    first = found(replace(results, runs=runs))[0]
    assert first.verdict == "All reach the same"
    assert "Steps of a: 100." in first.text
    assert "The clock ended runs of b: their steps say nothing" in first.text


def test_where_batches_differ_epochs_are_counted(mixed):
    epochs = mixed.runs["optimizer"].map({"newton": 5.0, "sgd": 9.0})
    runs = mixed.runs.assign(final_train_cost=0.1, epochs=epochs)
    assert "Epochs: newton 5, sgd 9." in found(replace(mixed, runs=runs))[0].text


def test_a_gap_at_the_rounding_of_j_is_a_bound(known):
    runs = known.runs.assign(final_gap=np.where(known.runs["optimizer"] == "adam", 1e-14, 1e-3))
    first = findings(replace(known, runs=runs))[0]
    assert "that of adam: ≤ 1.0×10⁻¹⁴ (rounding) at" in first.text
    assert "Next: sgd, 0.001000, at least" in first.text


def test_no_sentence_begins_with_the_name_of_an_optimizer(sweep):
    for finding in found(sweep()):
        assert all(text[:1].isupper() for text in [finding.verdict, *finding.text.split(". ")])


def test_only_diverged_runs_are_said(sweep):
    results = sweep(optimizers={"adam": (40.0, 0.2)}, rates=[1.0, 3.0])
    assert {finding.verdict for finding in found(results)} == {"Every run diverged"}


def test_one_optimizer_is_no_contest(sweep):
    assert found(sweep(optimizers=["adam"], rates=[0.1]))[0].verdict == "Only adam was run"


def test_missing_costs_are_said(sweep):
    results = sweep(optimizers=["adam", "sgd"], rates=[0.1])
    results = replace(results, runs=results.runs.assign(final_train_cost=np.nan))
    assert found(results)[0].verdict == "Nothing to compare"


def test_where_no_run_improves_on_its_start_nothing_is_compared(sweep):
    results = sweep(optimizers=["adam", "sgd"], rates=[0.1])
    results = replace(results, runs=results.runs.assign(status="worse"))
    assert {finding.verdict for finding in found(results)} == {"No run improves on its start"}


def test_the_setting_with_the_lowest_validation_cost_is_named_beside_that_of_the_leader(sweep):
    results = sweep(optimizers=TWO, problems=("breast_cancer",), rates=[0.01, 0.0316])
    best = (results.runs["optimizer"] == "sgd") & (results.runs["lr"] == 0.01)
    costs = results.runs["final_validation_cost"].mask(best, 0.001)
    text = found(replace(results, runs=results.runs.assign(final_validation_cost=costs)))[0].text
    assert " By validation cost, the choice is sgd at lr=0.01: 0.001000, against 0." in text
    assert text.endswith("of newton at lr=0.0316.")
