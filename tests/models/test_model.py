"""Which models have curvature, linear scores and hidden layers."""

import pytest

from optlab.models import REGISTRY
from optlab.models.model import Curvature, HiddenLayers, LinearScores

FORMULAS = ["quadratic", "rosenbrock", "beale", "branin", "rastrigin", "saddle", "log_sum_exp"]
HAVE = [
    ("logistic", {}, {Curvature, LinearScores}),
    ("softmax", {}, {Curvature, LinearScores}),
    ("linear", {}, {Curvature, LinearScores}),
    ("perceptron", {}, {LinearScores}),
    ("mlp", {"hidden": [4]}, {Curvature, HiddenLayers}),
    ("mlp", {"hidden": []}, {Curvature, LinearScores}),
]


@pytest.mark.parametrize(("name", "options", "protocols"), HAVE)
def test_a_model_has_what_its_losses_allow(name, options, protocols):
    model = REGISTRY.get(name)(3, 0 if name == "linear" else 2, **options)
    assert model.name == name
    assert {p for p in (Curvature, LinearScores, HiddenLayers) if isinstance(model, p)} == protocols


def test_every_model_is_looked_at():
    assert {*FORMULAS, *(name for name, _, _ in HAVE)} == set(REGISTRY.names())


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_has_curvature_alone(name):
    model = REGISTRY.get(name)(2, 1)
    assert model.name == name and isinstance(model, Curvature)
    assert not isinstance(model, LinearScores | HiddenLayers)
