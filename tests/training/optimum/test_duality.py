"""Minima with an l1 penalty: the duality gap against minima by scikit-learn and by other methods."""

import math
from dataclasses import replace

import numpy as np
import pytest

from optlab.core.options import defaults
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import penalty
from optlab.optimizers import REGISTRY
from optlab.training.l1_max import l1_max
from optlab.training.loop import RunSpec, Training, train
from optlab.training.optimum.duality import bounded, composite_minimum, is_certified_here
from tests.optimizers.test_proximal import PROBLEMS, optimum
from tests.test_consistency import data

PENALTIES = [(0.5, 0.0), (0.05, 0.0), (0.1, 0.01)]  # share of the largest l1, l2


def problem_of(name: str, **options):
    dataset = data(name)
    return dataset, MODELS.get(PROBLEMS[name])(4, dataset.n_classes, **options)


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize(("share", "l2"), PENALTIES)
@pytest.mark.filterwarnings("ignore")
def test_the_minimum_is_that_of_scikit_learn(name, share, l2):
    dataset, model = problem_of(name)
    l1 = share * l1_max(model, dataset.train)
    own = composite_minimum(model, dataset, penalty(l1=l1, l2=l2))
    other, _ = optimum(name, l1, l2)
    assert 0 < own.gap < 1e-11 * own.cost
    assert own.cost - own.gap <= other <= own.cost + 1e-9 * own.cost


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("dense", {}),
        ("dense", {"fit_intercept": False}),
        ("sparse", {"class_weight": "balanced"}),
        ("multinomial", {}),
        ("multinomial", {"fit_intercept": False}),
    ],
)
@pytest.mark.parametrize(("share", "l2"), PENALTIES)
def test_the_bound_is_never_below_the_gap(name, options, share, l2):
    dataset, model = problem_of(name, **options)
    samples = model.prepare(dataset.train, np.dtype(float))
    own = penalty(l1=share * l1_max(model, dataset.train), l2=l2)
    objective, rng = Oracle(Objective(model, samples, own)), np.random.default_rng(0)
    best = composite_minimum(model, dataset, own)
    assert best.reason == ""
    fista = {**defaults(REGISTRY.get("fista")), "lr": "auto"}
    budget = Training(epochs=None, max_steps=2000, record_every=2000, record_parameters="final")
    near = train(model, dataset, [RunSpec("fista", fista, own, 0)], budget).parameters
    for size in (0.0, 1e-9, 1e-6, 1e-3, 0.1, 1.0, 30.0):
        w = near + size * rng.normal(size=near.shape)
        bound = bounded(model, dataset, samples.weight, own, objective, w)
        assert bound.gap >= bound.cost - best.cost - 1e-14
    assert abs(float(objective.value(near)[0]) - best.cost) <= 1e-11


def test_a_penalty_that_hardly_acts_is_no_reason_to_claim_a_minimum():
    dataset, model = problem_of("dense")
    labels = (dataset.train.x[:, 0] > 0).astype(int)
    separable = replace(dataset, train=dataset.train._replace(y=labels))
    found = composite_minimum(model, separable, penalty(l1=1e-14))
    assert math.isnan(found.cost) and "duality gap" in found.reason


def test_it_certifies_l1_with_or_without_l2_alone():
    fits = [penalty(l1=0.1), penalty(l1="0.1*max"), penalty(l1=0.1, l2=1.0)]
    assert all(map(is_certified_here, fits))
    others = [penalty(), penalty(l2=1.0), penalty(l1=0.1, nonconvex=0.1)]
    assert not any(map(is_certified_here, others))
