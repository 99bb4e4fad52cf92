"""Schedules: PyTorch's values, warm-up, horizons, and what is refused."""

import json

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import conform, defaults
from optlab.training.schedules import REGISTRY
from tests.references.pytorch_trajectories import HERE, SCHEDULES, STEPS

REFERENCE = json.loads((HERE / "pytorch_trajectories.json").read_text())["factors"]
NEEDED = {"step": {"step_size": 5}}


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
    assert factors(name)[0] == 1
    warmed = factors(name, warmup_steps=4)
    np.testing.assert_allclose(warmed[:4], [0.25, 0.5, 0.75, 1])
    assert warmed[4] <= 1


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


def test_steps_without_their_length_are_refused_in_one_line():
    with pytest.raises(UserError, match=r"^schedule\.step_size=null: must be a whole number") as error:
        conform({"step_size": None}, REGISTRY.get("step"), "schedule")
    assert "\n" not in str(error.value)
