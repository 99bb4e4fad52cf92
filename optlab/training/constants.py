"""Numbers of a method that a run leaves to what is known of its cost: `auto` stands in their place."""

import math
from collections.abc import Sequence
from dataclasses import replace

from optlab import optimizers
from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.dataset import Dataset
from optlab.models.model import Model
from optlab.models.smoothness import smoothness
from optlab.objective.penalty import Penalty
from optlab.training.optimum.certificate import certificate
from optlab.training.run import RunSpec

A_BOUND = "give a number that the cost is never below, such as optimizer.optimum=0"


def constants_from_theory(run: RunSpec) -> list[str]:
    """The numbers that a run leaves to the theory of smooth convex costs."""
    return [name for name in ("lr", "mu") if run.options.get(name) == "auto"]


def asks_for_optimum(run: RunSpec) -> bool:
    """Whether a run leaves the least value of its cost to a certificate."""
    return run.options.get("optimum") == "auto"


def with_constants(
    runs: Sequence[RunSpec], model: Model, dataset: Dataset, weight: Array | None
) -> list[RunSpec]:
    """The runs with numbers in the place of `auto`, each those of its own penalty.

    Args:
        weight: factors (n,) of the samples' losses; None: all 1.

    Raises:
        UserError: a run asks for the least value of a cost that has none, or none that is certified.
    """
    runs = list(runs)
    if any(map(constants_from_theory, runs)):
        known = smoothness(model, dataset.train.x, weight)
        for r, run in enumerate(runs):
            own = known.with_penalty(run.penalty.max_curvature, run.penalty.strong_convexity)
            sources = {"lr": optimizers.REGISTRY.entry(run.optimizer).auto, "mu": lambda known: known.mu}
            given = {name: sources[name](own) for name in constants_from_theory(run)}  # type: ignore[misc]
            runs[r] = run._replace(options={**run.options, **given})
    least: dict[str, float] = {}
    for r, run in enumerate(runs):
        if asks_for_optimum(run):
            key = run.penalty.describe()
            least[key] = least[key] if key in least else _least_cost(model, dataset, run.penalty)
            runs[r] = run._replace(options={**run.options, "optimum": least[key]})
    return runs


def _least_cost(model: Model, dataset: Dataset, penalty: Penalty) -> float:
    train = dataset.train._replace(x=dataset.train.x.astype(float))
    optimum = certificate(model, replace(dataset, train=train), penalty)
    if math.isnan(optimum.cost):
        raise UserError(f"optimizer.optimum=auto: {optimum.reason}; {A_BOUND}")
    return optimum.cost
