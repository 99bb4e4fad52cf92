"""Where the cost of trained models is least, for a picture that marks the place."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

from optlab.analysis.trained.rebuilt import Rebuilt
from optlab.core.arrays import Array
from optlab.objective.objective import Objective
from optlab.objective.penalty import penalty_of
from optlab.training.l1_max import with_numbers
from optlab.training.optimum.certificate import certificate, obstacle

SAME = 1e-9  # relative: costs that count as the least


def minimum(runs: Sequence[Rebuilt]) -> Array | None:
    """The minimum (1, P) of a cost of few parameters, sought from the lowest end of its runs.

    None: no least cost is certified, or the search does not reach it.
    """
    run = runs[0]
    if obstacle(run.config["model"]):
        return None
    penalty = with_numbers(penalty_of(run.config["model"]), run.model, run.dataset.train)
    least = certificate(run.model, run.dataset, penalty).cost
    objective = Objective(run.model, run.model.prepare(run.dataset.train, np.dtype(float)), penalty)

    def cost(w: Array) -> float:
        return float(objective.evaluate(w[None]).value[0])

    ends = [one.parameters[np.isfinite(one.parameters).all(1)][-1].astype(float) for one in runs]
    found = minimize(
        cost, min(ends, key=cost), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-15}
    ).x
    return found[None] if cost(found) - least <= SAME * max(1.0, abs(least)) else None
