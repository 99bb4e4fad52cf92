"""The stop rules, each alone and several at once."""

import numpy as np
import pytest

from optlab.training.stopping import DIVERGED, Standing, StopRules


def standing(cost=1.0, previous=2.0, initial=3.0, grad_norm=1.0, points=0, seconds=0.0):
    """One run, far from every end."""
    return Standing(*(np.array([value]) for value in (cost, previous, initial, grad_norm, points)), seconds)


RULES = StopRules(tolerance=1e-3, grad_tolerance=1e-6, patience=5, max_seconds=10.0)


def test_a_run_far_from_every_end_goes_on():
    assert RULES.statuses(standing()) == {}


@pytest.mark.parametrize(
    "status, end",
    [
        ("diverged", {"cost": 3.1 * DIVERGED}),
        ("diverged", {"cost": np.nan}),
        ("diverged", {"cost": np.inf}),
        ("converged", {"previous": 1.0005}),
        ("converged", {"grad_norm": 1e-7}),
        ("early_stopped", {"points": 5}),
        ("timed_out", {"seconds": 10.0}),
    ],
)
def test_each_rule_ends_a_run(status, end):
    assert RULES.statuses(standing(**end)) == {0: status}


@pytest.mark.parametrize(
    "near",
    [{"cost": 2.9 * DIVERGED}, {"previous": 1.002}, {"grad_norm": 1e-5}, {"points": 4}, {"seconds": 9.9}],
)
def test_short_of_its_limit_no_rule_ends_a_run(near):
    assert RULES.statuses(standing(**near)) == {}


@pytest.mark.parametrize("end", [{"previous": 1.0}, {"grad_norm": 0.0}, {"points": 100}, {"seconds": 1e9}])
def test_a_rule_that_is_switched_off_ends_nothing(end):
    assert StopRules().statuses(standing(**end)) == {}


@pytest.mark.parametrize(
    ("cost", "grad_norm", "stalled"),
    [
        ([3, 3, 3], [9, 9, 9], True),  # never moved
        ([5, 4, *[3] * 11], [9, 8, *[7] * 11], True),  # no more, for ten steps
        ([5, 4, *[3] * 10], [9, 8, *[7] * 10], False),  # for nine
        ([5, *[3] * 11], [9, *[1e-8] * 11], False),  # at a minimum, to rounding
        ([5, *[3] * 11], [9, *[1e-6] * 11], True),
        ([3, 3, 3], [0, 0, 0], False),  # began at a minimum
        ([5, 4, 3], [9, 8, 9], False),
        ([3, 3, 3], [9, 9, 8], False),
        ([3, 3, 3], [np.inf, np.inf, np.inf], True),
        ([3, 3, 3], [np.nan] * 3, False),  # not known
        ([3], [9], False),  # no step
    ],
)
def test_a_run_is_stalled_where_nothing_changes_away_from_a_minimum(cost, grad_norm, stalled):
    columns = np.arange(len(cost)), np.array(cost, float), np.array(grad_norm, float)
    assert StopRules().stalled(*columns, np.dtype("float64")) is stalled


def test_a_gradient_within_its_tolerance_is_that_of_a_minimum():
    still = np.arange(3), np.full(3, 1.0), np.full(3, 0.1)
    assert not StopRules(grad_tolerance=0.2).stalled(*still, np.dtype("float64"))
    assert StopRules(grad_tolerance=0.05).stalled(*still, np.dtype("float64"))


def test_where_several_rules_end_a_run_its_status_is_the_strongest():
    """Diverged before converged, converged before early stopped, early stopped before timed out."""
    ends = [
        {"seconds": 11.0},
        {"points": 6},
        {"grad_norm": 0.0},
        {"cost": 1e300, "previous": 1e300},
    ]
    together, statuses = {}, []
    for end in ends:
        together |= end
        statuses.append(RULES.statuses(standing(**together))[0])
    assert statuses == ["timed_out", "early_stopped", "converged", "diverged"]


def test_runs_end_one_by_one():
    runs = Standing(
        cost=np.array([1.0, 1.0, 5 * DIVERGED]),
        previous_cost=np.array([2.0, 1.0, 2.0]),
        initial_cost=np.array([1.0, 1.0, 1.0]),
        grad_norm=np.array([np.nan] * 3),
        points_since_best=np.array([0, 0, 0]),
        seconds=0.0,
    )
    assert RULES.statuses(runs) == {1: "converged", 2: "diverged"}
