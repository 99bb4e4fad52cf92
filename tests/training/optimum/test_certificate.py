"""The least values of costs that are formulas, against SciPy and the literature."""

import numpy as np
import pytest
from scipy.optimize import minimize

from optlab.datasets import load
from optlab.models import REGISTRY
from optlab.objective.objective import Objective
from optlab.objective.penalty import penalty
from optlab.training.optimum.certificate import FORMULAS, certificate, obstacle

SECTION = {"name": "shifts", "validation_fraction": 0.0, "test_fraction": 0.0, "standardize": False}


@pytest.mark.parametrize("spectrum", ["log", (0.0, 0.0, 3.0, 1e4)])
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_a_quadratic_has_the_minimum_that_scipy_finds(spectrum, l2):
    data = load({**SECTION, "dimension": 4, "n_samples": 30, "noise": 1.0})
    model = REGISTRY.get("quadratic")(4, 1, spectrum=spectrum, rotate=True)
    found = certificate(model, data, penalty(l2=l2))
    objective = Objective(model, model.prepare(data.train, np.dtype(float)), penalty(l2=l2))
    best = minimize(
        lambda w: objective.evaluate(w[None]).value[0],
        np.zeros(4),
        jac=lambda w: objective.evaluate(w[None], gradient=True).gradient[0],
        method="trust-exact",
        hess=lambda w: objective.hessian(w[None])[0],
        options={"gtol": 1e-12},
    )
    assert found.cost == pytest.approx(best.fun, rel=1e-12)
    assert 0 <= found.gap < 1e-12 * found.cost
    eigenvalues = np.linalg.eigvalsh(objective.hessian(np.zeros((1, 4)))[0])
    assert found.sharpness == pytest.approx(eigenvalues[-1])
    assert found.mu == pytest.approx(eigenvalues[eigenvalues > 1e-9].min(), rel=1e-6)


def test_a_formula_tells_its_minimum_unless_shifts_or_a_penalty_move_it():
    model, one = REGISTRY.get("branin")(2, 1), load(SECTION)
    known = certificate(model, one, penalty())
    assert known.cost == pytest.approx(10 / (8 * np.pi)) and 0 < known.rounding < known.rounding32
    assert "with l2 = 0.1 is not known" in certificate(model, one, penalty(l2=0.1)).reason
    several = load({**SECTION, "n_samples": 3, "noise": 1.0})
    assert "over shifts of it is not known" in certificate(model, several, penalty()).reason


def test_every_formula_may_have_a_certificate_and_a_network_has_none():
    assert not any(obstacle({"name": name}) for name in FORMULAS)
    assert obstacle({"name": "mlp"}) == "the cost of mlp is not convex"
    assert "loss mse" in obstacle({"name": "logistic", "loss": "mse"})
