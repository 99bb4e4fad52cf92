from dataclasses import replace

import numpy as np

from optlab.analysis.study import study
from optlab.report.page.answers import answers
from optlab.report.page.findings import findings

TWO = {"sgd": (0.3, 0.02), "newton": (6.0, 1.0)}


def given(results):
    judged = study(results)
    return answers(judged, findings(judged))


def test_the_leader_is_recommended_with_its_lead_its_cost_and_its_command(sweep):
    first = given(sweep(optimizers=TWO, problems=("breast_cancer",)))[0]
    facts = dict(first.facts)
    assert first.use == "Use newton at lr=0.0316"
    assert facts["Lead"].startswith(
        "Shown to be ahead of sgd, the next, whose training cost J is 3.04 times as high (p = "
    )
    assert facts["Cost"].startswith("100 steps")
    assert "optimizer=newton" in first.command and "optimizer.lr=0.0316" in first.command


def test_of_equal_ones_the_quickest_is_recommended(sweep):
    results = sweep(optimizers=["a", "b"], noise=0.0, rates=[0.1, 1.0], problems=("breast_cancer",))
    runs = results.runs.assign(steps=results.runs["steps"].mask(results.runs["optimizer"] == "b", 7))
    first = given(replace(results, runs=runs))[0]
    assert first.optimizer == "b"
    assert dict(first.facts)["Lead"] == "Equal to rounding: a."


def test_of_many_equal_ones_some_are_named(sweep):
    names = [f"method{number}" for number in range(7)]
    first = given(sweep(optimizers=names, noise=0.0, rates=[0.1], problems=("digits",)))[0]
    assert dict(first.facts)["Lead"].endswith("and 3 others.")


def test_the_width_of_the_rates_and_the_edge_and_the_divergence_are_told(sweep):
    results = sweep(optimizers={"adam": (1.0, 0.1)}, rates=[0.01, 0.1], problems=("breast_cancer",))
    first = given(results)[0]
    assert dict(first.facts)["Care"] == (
        "At most one rate of its grid is good. It is the highest of its grid: a better one may lie beyond."
    )
    runs = results.runs.assign(status=results.runs["status"].mask(results.runs["lr"] == 0.01, "diverged"))
    assert dict(given(replace(results, runs=runs))[0].facts)["Care"].endswith(
        "Of its runs at any setting, 50 % diverged."
    )


def test_one_optimizer_is_recommended_for_want_of_others(sweep):
    first = given(sweep(optimizers=["adam"], rates=[0.1]))[0]
    assert first.use == "Use adam at lr=0.1"
    assert dict(first.facts)["Lead"] == "It is the only optimizer that was run."


def test_where_nothing_can_be_recommended_it_says_why(sweep):
    first = given(sweep(optimizers={"adam": (40.0, 0.2)}, rates=[1.0, 3.0]))[0]
    assert first.use == "Every run diverged" and not first.command
    assert dict(first.facts)["Why"].startswith("Every run diverged, so there is nothing to compare.")


def test_missing_costs_are_said(sweep):
    results = sweep(optimizers=["adam", "sgd"], rates=[0.1])
    results = replace(results, runs=results.runs.assign(final_train_cost=np.nan))
    assert given(results)[0].use == "Nothing to compare"
