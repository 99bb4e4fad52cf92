"""Sparse logistic regression: minimised to 1e-8 beside scikit-learn, and many rates of Adam at once.

    python experiments/benchmarks/convex.py [--rounds 3] [--values 50]      (downloads a9a and reuters)

One core, float64, l2 from 1/n upwards. Every contender has the loosest of its tolerances that is good
enough, and optlab goes through its own training loop, which records cost, accuracy and gradient norm at
every step.
"""

import argparse
import resource
from collections.abc import Callable
from functools import partial
from typing import Any

import timing

timing.use_one_core()

import numpy as np  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402

from optlab.core.options import defaults  # noqa: E402
from optlab.datasets import Dataset, load  # noqa: E402
from optlab.models import REGISTRY  # noqa: E402
from optlab.objective.objective import Objective  # noqa: E402
from optlab.objective.oracle import Oracle  # noqa: E402
from optlab.objective.penalty import NONE, penalty  # noqa: E402
from optlab.optimizers import REGISTRY as OPTIMIZERS  # noqa: E402
from optlab.training.loop import RunSpec, Training, train  # noqa: E402

ACCURACY = 1e-8
TOLERANCES = [c * 10.0**-k for k in range(4, 9) for c in (1.0, 0.3)]
PEERS = {"newton": "newton-cholesky", "newton_cg": "newton-cholesky", "lbfgs": "lbfgs"}
STEPS = 100  # of Adam on reuters


def data(name: str) -> Dataset:
    return load({"name": name, "standardize": False, "validation_fraction": 0.0, "test_fraction": 0.0})


def optlab_costs(dataset: Dataset, name: str, penalties: np.ndarray, tolerance: float) -> np.ndarray:
    """Final costs (R,) of a stack with one run for each penalty."""
    options = defaults(OPTIMIZERS.get(name))
    members = [RunSpec(name, options, penalty(l2=float(l2)), 0) for l2 in penalties]
    training = Training(epochs=5000, record_every=1, grad_tolerance=tolerance)
    model = REGISTRY.get("logistic")(dataset.n_features, 2)
    history = train(model, dataset, members, training)
    return history.final("train_cost")


def sklearn_fits(dataset: Dataset, solver: str, penalties: np.ndarray, tolerance: float) -> list[Any]:
    n = len(dataset.train.y)
    return [
        LogisticRegression(C=1 / (n * l2), solver=solver, tol=tolerance, max_iter=10_000).fit(*dataset.train)
        for l2 in penalties
    ]


def sklearn_costs(dataset: Dataset, solver: str, penalties: np.ndarray, tolerance: float) -> np.ndarray:
    fits = sklearn_fits(dataset, solver, penalties, tolerance)
    model = REGISTRY.get("logistic")(dataset.n_features, 2)
    samples = model.prepare(dataset.train, np.dtype(float))
    w = np.stack([np.append(fit.coef_[0], fit.intercept_) for fit in fits])
    return Oracle(Objective(model, samples, penalty(l2=penalties[:, None]))).value(w)


def good_enough(
    costs: Callable[[np.ndarray, float], np.ndarray], penalties: np.ndarray, least: np.ndarray
) -> float:
    """The loosest tolerance with which all costs are within ACCURACY of the least."""
    return next(t for t in TOLERANCES if (costs(penalties, t) - least).max() <= ACCURACY)


def minimised(penalties: np.ndarray, dataset: Dataset, rounds: int) -> None:
    """Time to the accuracy for one fit per penalty: optlab's stack, and scikit-learn one at a time."""
    least = optlab_costs(dataset, "newton", penalties, 1e-11)
    some = slice(None, None, 10)  # penalties that the peers' tolerance is tried on: they take long
    contenders = []
    for name, solver in PEERS.items():
        ours = good_enough(partial(optlab_costs, dataset, name), penalties, least)
        theirs = good_enough(partial(sklearn_costs, dataset, solver), penalties[some], least[some])
        contenders += [
            timing.Contender(f"optlab {name}", partial(optlab_costs, dataset, name, penalties, ours), 1),
            timing.Contender(
                f"{solver}, beside {name}",
                partial(sklearn_fits, dataset, solver, penalties, theirs),
                1,
            ),
        ]
    times = timing.measure(contenders, rounds)
    print(f"\n{dataset.name}, {len(penalties)} value(s) of l2, J* = {least[0]:.11f} for the first: ms")
    for name, solver in PEERS.items():
        ours, theirs = times[f"optlab {name}"], times[f"{solver}, beside {name}"]
        print(f"  {name:10} {ours:10.1f}   {solver:16} {theirs:10.1f}   faster by {theirs / ours:5.2f}x")


def adam_stack(dataset: Dataset, rates: np.ndarray) -> np.ndarray:
    options = defaults(OPTIMIZERS.get("adam"))
    members = [RunSpec("adam", {**options, "lr": float(lr)}, NONE, 0) for lr in rates]
    model = REGISTRY.get("logistic")(dataset.n_features, 2)
    history = train(model, dataset, members, Training(epochs=STEPS, record_every=1))
    return history.columns["train_cost"][-1]


def adam_scipy(dataset: Dataset, lr: float) -> float:
    """The same for one rate, in plain NumPy with SciPy's products; the cost is computed in every step."""
    x, y = dataset.train.x, dataset.train.y.astype(float)
    w, m, v = np.zeros(x.shape[1] + 1), 0.0, 0.0
    for t in range(1, STEPS + 1):
        z = x @ w[:-1] + w[-1]
        (np.logaddexp(0, z) - y * z).mean()
        residual = (1 / (1 + np.exp(-z)) - y) / len(y)
        g = np.append(x.T @ residual, residual.sum())
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        w = w - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    z = x @ w[:-1] + w[-1]
    return (np.logaddexp(0, z) - y * z).mean()


def stacked(dataset: Dataset, n_rates: int, rounds: int) -> None:
    """Full-batch Adam with many rates: as a stack, and one at a time."""
    rates = np.geomspace(1e-4, 1e-1, n_rates)
    stack = adam_stack(dataset, rates)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    np.testing.assert_allclose(stack[::10], [adam_scipy(dataset, lr) for lr in rates[::10]], rtol=1e-9)
    contenders = [
        timing.Contender("optlab, stack", lambda: adam_stack(dataset, rates), n_rates),
        timing.Contender("optlab, one", lambda: adam_stack(dataset, rates[:1]), 1),
        timing.Contender("SciPy, one at a time", lambda: adam_scipy(dataset, float(rates[0])), 1),
    ]
    times = timing.measure(contenders, rounds)
    title = f"Adam, {STEPS} full-batch steps on {dataset.name}, {n_rates} rates, peak {peak:.2f} GiB so far"
    timing.report(title, "ms per run", times, "optlab, stack")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--values", type=int, default=50, help="of l2, and of Adam's rates")
    options = parser.parse_args()
    stacked(data("reuters"), options.values, options.rounds)
    a9a = data("a9a")
    n = len(a9a.train.y)
    minimised(np.array([1 / n]), a9a, options.rounds)
    minimised(np.geomspace(1 / n, 100 / n, options.values), a9a, options.rounds)


if __name__ == "__main__":
    main()
