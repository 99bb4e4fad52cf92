"""Schedules: PyTorch's values, warm-up, horizons, and what is refused."""

import json

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import conform, defaults
from optlab.training.schedules import REGISTRY, make_schedules
from optlab.training.settings import Training
from tests.references.pytorch_trajectories import HERE, SCHEDULES, STEPS

REFERENCE = json.loads((HERE / "pytorch_trajectories.json").read_text())["factors"]
NEEDED = {"step": {"step_size": 5}, "cosine_restarts": {"length": 5}}
START = {"one_cycle": 0.04}


def factors(name: str, budget: int = STEPS, **options) -> np.ndarray:
    schedule = REGISTRY.get(name)(budget, **{**NEEDED.get(name, {}), **options})
    return np.array([schedule(t) for t in range(1, budget + 1)])


@pytest.mark.parametrize("case", SCHEDULES)
def test_the_factors_are_those_of_pytorch(case: str):
    name, options, _, _ = SCHEDULES[case]
    # PyTorch multiplies from step to step and gathers 60 roundings, absolute ones for the cosine
    np.testing.assert_allclose(factors(name, **options), REFERENCE[case], rtol=1e-13, atol=1e-14)


def test_inverse_time_and_inverse_sqrt_follow_their_formulas():
    t = np.arange(1, STEPS + 1)
    np.testing.assert_allclose(factors("inverse_time", decay=0.5), 1 / (1 + 0.5 * (t - 1)), rtol=1e-15)
    np.testing.assert_allclose(factors("inverse_sqrt"), t**-0.5, rtol=1e-15)
    vaswani = np.minimum(t**-0.5, t * 10**-1.5)  # eq. (3), without the constant in front
    np.testing.assert_allclose(factors("inverse_sqrt", warmup_steps=10), vaswani / vaswani.max(), rtol=1e-14)


@pytest.mark.parametrize("name", REGISTRY.names())
def test_every_schedule_starts_at_one_and_warms_up_linearly(name: str):
    assert factors(name)[0] == START.get(name, 1)
    warm = factors(name, warmup_steps=4)
    np.testing.assert_allclose(warm[:4], [0.25, 0.5, 0.75, 1])
    assert warm[4] <= START.get(name, 1)


@pytest.mark.parametrize("name", REGISTRY.names())
def test_factors_are_plain_floats_within_zero_and_one(name: str):
    schedule = REGISTRY.get(name)(20, **{**defaults(REGISTRY.get(name)), **NEEDED.get(name, {})})
    values = [schedule(t) for t in range(1, 21)]
    assert all(type(value) is float for value in values)  # a NumPy scalar would turn float32 into float64
    assert all(0 <= value <= 1 for value in values)


@pytest.mark.parametrize("name", ["cosine", "linear"])
def test_the_horizon_is_the_budget_unless_it_is_given(name: str):
    np.testing.assert_array_equal(factors(name, 40), factors(name, 60, steps=40)[:40])
    assert (factors(name, 60, steps=40, final=0.25)[40:] == 0.25).all()


@pytest.mark.parametrize("name", ["cosine", "linear"])
def test_a_warm_up_longer_than_the_horizon_ends_in_the_final_factor(name: str):
    np.testing.assert_allclose(
        factors(name, 6, steps=3, warmup_steps=4, final=0.5), [0.25, 0.5, 0.75, 1, 1, 0.5]
    )


@pytest.mark.parametrize("name", ["cosine_restarts", "one_cycle"])
def test_a_length_may_be_counted_in_epochs(name: str):
    """12 epochs of 4 steps each; the last batch of 13 samples by 4 is smaller."""
    budget = Training(batch_size=4, epochs=12).budget(13)
    assert (budget, budget.steps_per_epoch) == (48, 4)
    by_epochs, by_steps = (factors(name, budget, **options) for options in (
        {"length": 3, "unit": "epoch"}, {"length": 12}))  # fmt: skip
    np.testing.assert_array_equal(by_epochs, by_steps)
    assert len(by_steps) == 48


def test_a_cycle_may_only_rise_and_ends_where_it_is_told():
    rising = factors("one_cycle", 5, rise=1.0, start=0.2, shape="linear")
    np.testing.assert_allclose(rising, [0.2, 0.4, 0.6, 0.8, 1.0], rtol=1e-15)
    assert (factors("one_cycle", 20, length=10, final=0.5)[9:] == 0.5).all()
    assert factors("one_cycle", 1, start=0.2)[0] == 1  # one step: the middle


def test_schedules_of_several_numbers_are_made_from_one_section():
    also = {"momentum": {"name": "linear", "final": 0.5}, "weight_decay": {"name": "step", "step_size": 2}}
    made = make_schedules({"name": "constant", "warmup_steps": 2, "also": also}, 4)
    assert {number: [factor(t) for t in (1, 2, 3, 4)] for number, factor in made.items()} == {
        "lr": [0.5, 1.0, 1.0, 1.0],
        "momentum": [1.0, 0.875, 0.75, 0.625],
        "weight_decay": [1.0, 1.0, 0.1, 0.1],
    }


def test_steps_without_their_length_are_refused_in_one_line():
    with pytest.raises(UserError, match=r"^schedule\.step_size=null: must be a whole number") as error:
        conform({"step_size": None}, REGISTRY.get("step"), "schedule")
    assert "\n" not in str(error.value)
