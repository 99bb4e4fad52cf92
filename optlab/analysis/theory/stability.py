"""What theory predicts for gradient descent and its accelerated forms on full batches.

Near the minimum a smooth cost is a quadratic. On a quadratic each eigendirection of the Hessian, with
eigenvalue c, goes its own way: its error is multiplied by the largest root z, in magnitude, of

    sgd:       z = 1 - lr c
    momentum:  z^2 - (1 + m - lr c) z + m = 0
    nesterov:  z^2 - (1 + m)(1 - lr c) z + m (1 - lr c) = 0

with m the momentum. The slowest direction has the least or the largest eigenvalue; J - J* shrinks with the
square. The method is stable where every |z| < 1, which is up to a learning rate of

    sgd: 2 / L        momentum: 2 (1 + m) / L        nesterov: 2 (1 + m) / ((1 + 2 m) L)

References: Polyak, Some methods of speeding up the convergence of iteration methods, 1964, section 3;
Lessard, Recht and Packard, Analysis and design of optimization algorithms via integral quadratic
constraints, 2016, section 2.2; Cohen et al., Gradient descent on neural networks typically occurs at the
edge of stability, 2021, appendix B (the edges).
"""

from typing import Any

import numpy as np
import pandas as pd

from optlab.analysis.problem.problems import configuration
from optlab.analysis.problem.seeds import GROUP

METHODS = ("sgd", "momentum", "nesterov")


def stability_edge(optimizer: str, L: float, momentum: float) -> float:
    """The learning rate up to which the method is stable on a quadratic with largest curvature L."""
    if optimizer == "sgd":
        return 2 / L
    slower = 1 + 2 * momentum if optimizer == "nesterov" else 1.0
    return 2 * (1 + momentum) / (slower * L)


def contraction(optimizer: str, lr: float, momentum: float, curvature: float) -> float:
    """What a step multiplies the error along an eigendirection with this curvature with, in the long run."""
    left = 1 - lr * curvature
    if optimizer == "sgd":
        return abs(left)
    if optimizer == "momentum":
        polynomial = [1, -(left + momentum), momentum]
    else:
        polynomial = [1, -(1 + momentum) * left, momentum * left]
    return float(np.abs(np.roots(polynomial)).max())


def predicted_rates(chosen: pd.DataFrame) -> pd.DataFrame:
    """``problem optimizer rate``: what J - J* is multiplied with in every step, for the runs it is known of.

    Args:
        chosen: runs at the setting of their optimizer, with the columns of `certificates.with_optimum`.
    """
    rows = []
    for problem, optimizer, run, options in _described(chosen.dropna(subset=["mu", "sharpness"])):
        factors = [contraction(optimizer, *options, run[curvature]) for curvature in ("mu", "sharpness")]
        rows.append((problem, optimizer, max(factors) ** 2))
    return pd.DataFrame(rows, columns=[*GROUP, "rate"])


def edges(runs: pd.DataFrame) -> pd.DataFrame:
    """``problem optimizer edge``: the stability edge of the methods that have one, and one momentum.

    A method that was run on mini-batches too has none: its rates are shown at the best of all batches.
    """
    one = runs.groupby(GROUP)["batch"].transform("nunique") == 1
    rows = []
    for problem, optimizer, run, (_, momentum) in _described(runs[one].dropna(subset="L")):
        rows.append((problem, optimizer, stability_edge(optimizer, run["L"], momentum)))
    table = pd.DataFrame(rows, columns=[*GROUP, "edge"])
    return table.drop_duplicates(ignore_index=True).drop_duplicates(GROUP, keep=False, ignore_index=True)


def _described(runs: pd.DataFrame) -> list[tuple[str, str, pd.Series, tuple[float, float]]]:
    """One run of every problem, optimizer and setting that the theory is about, with its rate and momentum.

    Where splits of the data differ, the first stands for all.
    """
    described = []
    about = runs[runs["optimizer"].isin(METHODS)].drop_duplicates([*GROUP, "setting"])
    for _, run in about.iterrows():
        momentum = _momentum(configuration(run["config"]))
        if momentum is not None and np.isfinite(run["lr"]):
            described.append((str(run["problem"]), str(run["optimizer"]), run, (float(run["lr"]), momentum)))
    return described


def _momentum(config: dict[str, Any]) -> float | None:
    """The momentum of a constant-step method on the full batch (0: none); None: it is something else."""
    optimizer, training, schedule = (config.get(name) for name in ("optimizer", "training", "schedule"))
    if not (isinstance(optimizer, dict) and isinstance(training, dict) and isinstance(schedule, dict)):
        return None
    changes = schedule.get("warmup_steps") or schedule.get("also")
    constant = schedule.get("name") == "constant" and not changes
    others = [optimizer.get(option) for option in ("weight_decay", "dampening", "layer_rates")]
    plain = not any(others) and not training.get("clip_norm")
    momentum = optimizer.get("momentum", 0.0)
    fits = constant and plain and training.get("batch_size") is None
    return float(momentum) if fits and isinstance(momentum, int | float) else None
