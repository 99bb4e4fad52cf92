"""The metrics: what is measured of every run at a recorded point.

`METRICS` is the one place that names them. The recorder, the tables of a result folder, the choices of
`objective_metric` and the report are made from it: a new metric is a new entry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.models.model import HiddenLayers, Model, Samples
from optlab.objective.evaluation import Evaluation
from optlab.objective.loss import chunks, mean_loss
from optlab.objective.objective import Objective
from optlab.objective.oracle import COUNTERS

SHARE = "share"
FULL_DATA = "full-data equivalents"


class Fit(NamedTuple):
    """How well predictions (R,) fit: of labels the accuracy, of numbers the others; None: there is none."""

    accuracy: Array | None = None
    r2: Array | None = None  # 1 less the squared errors over those of the mean; NaN if targets are all equal
    rmse: Array | None = None  # root of the mean squared error


class HeldOut(NamedTuple):
    """Cost without penalty (R,) and fit on data that are not trained on; None where there are none."""

    cost: Array | None = None
    fit: Fit = Fit()


class Activity(NamedTuple):
    """Saturation and sparsity (hidden layers, R), see `HiddenLayers`; None: they are not recorded."""

    saturation: Array | None = None
    sparsity: Array | None = None


NOT_HELD_OUT, NO_ACTIVITY = HeldOut(), Activity()


class Point(NamedTuple):
    """What is known of R runs at a recorded step."""

    objective: Objective  # the training cost of these runs
    train: Evaluation  # of it at the parameters (R, P)
    counts: Array  # (6, R) what was counted so far, in the order of COUNTERS
    fit: Fit = Fit()  # to the training data
    validation: HeldOut = NOT_HELD_OUT
    test: HeldOut = NOT_HELD_OUT
    activity: Activity = NO_ACTIVITY


def held_out(model: Model, w: Array, samples: Samples | None) -> HeldOut:
    """What data that are not trained on say of parameters w (R, P)."""
    if samples is None:
        return NOT_HELD_OUT
    loss, _, right = mean_loss(model, w, samples, accuracy=True)
    return HeldOut(loss, fit(model, samples, right))


def fit(model: Model, samples: Samples, right: Array | None) -> Fit:
    """What `Evaluation.accuracy` says of predictions for samples."""
    if right is None or model.n_classes:
        return Fit(right)
    variance = np.var(samples.y, dtype=float) or np.nan
    return Fit(None, 1 - right / variance, np.sqrt(right))


def activity(model: Model, w: Array, samples: Samples | None) -> Activity:
    """What hidden layers with parameters w (R, P) do on samples."""
    if samples is None or not isinstance(model, HiddenLayers):
        return NO_ACTIVITY
    parts = chunks(samples, len(w) * model.width)
    shares = np.sum([len(part.y) / len(samples.y) * model.activity(w, part) for part in parts], axis=0)
    return Activity(shares[0::2], shares[1::2])


@dataclass(frozen=True)
class Metric:
    """A number of every run at every recorded point, and what tables and report make of it."""

    name: str  # of its column in the trajectories
    label: str
    measure: Callable[[Point], Array | None]  # (R,), per layer (layers, R); None: not available
    unit: str = ""
    higher_is_better: bool = False
    final: bool = False  # a column final_NAME of the runs: its value where a run ends
    best: bool = False  # a column best_NAME of the runs: the best of all recorded points
    optional: bool = False  # a column only where it is measured, after those that are always there
    per_layer: bool = False  # a column NAME_k for every hidden layer k, of networks that are watched
    meaning: str = ""  # a sentence for captions

    @property
    def worst(self) -> float:
        """What a diverged run counts as."""
        if not self.higher_is_better:
            return np.inf
        return 0.0 if self.unit == SHARE else -np.inf


def _accuracy(part: str, label: str, measure: Callable[[Point], Array | None]) -> Metric:
    return Metric(f"{part}_accuracy", label, measure, SHARE, higher_is_better=True, final=True)


def _of_numbers(part: str, measure: Callable[[Point], Fit]) -> tuple[Metric, Metric]:
    """Those of a regression."""
    return (
        Metric(
            f"{part}_r2", f"{part} R²", lambda point: measure(point).r2,
            higher_is_better=True, final=True, optional=True,
        ),
        Metric(
            f"{part}_rmse", f"{part} RMSE", lambda point: measure(point).rmse, final=True, optional=True
        ),
    )  # fmt: skip


def _counted(name: str, label: str, unit: str = FULL_DATA) -> Metric:
    row = COUNTERS.index(name)
    return Metric(name, label, lambda point: point.counts[row], unit)


def _max_slope(point: Point) -> Array | None:
    """The inf-norm of the full gradient, where it is known; see `Objective.stationarity`."""
    slopes = point.objective.stationarity(point.train)
    return None if slopes is None else np.abs(slopes).max(1)


def _nonzeros(point: Point) -> Array | None:
    """How many weights are not 0, where the penalty can make them so."""
    if point.objective.penalty.is_smooth:
        return None
    return np.count_nonzero(point.train.w[:, point.objective.model.penalty_mask == 1], axis=1)


METRICS = (
    Metric("train_cost", "training cost J", lambda point: point.train.value, final=True),
    _accuracy("train", "training accuracy", lambda point: point.fit.accuracy),
    Metric("validation_cost", "validation cost", lambda point: point.validation.cost, final=True, best=True),
    _accuracy("validation", "validation accuracy", lambda point: point.validation.fit.accuracy),
    Metric("test_cost", "test cost", lambda point: point.test.cost, final=True),
    _accuracy("test", "test accuracy", lambda point: point.test.fit.accuracy),
    Metric("grad_norm", "gradient norm", _max_slope),
    _counted("value_evals", "value evaluations"),
    _counted("gradient_evals", "gradient evaluations"),
    _counted("hvp_evals", "Hessian-vector products"),
    _counted("hessian_evals", "Hessian evaluations"),
    _counted("work", "work", "gradients on all data"),
    _counted("uncounted_passes", "passes that no counter saw"),
    Metric("nonzeros", "weights that are not 0", _nonzeros, optional=True),
    *_of_numbers("train", lambda point: point.fit),
    *_of_numbers("validation", lambda point: point.validation.fit),
    *_of_numbers("test", lambda point: point.test.fit),
    Metric(
        "saturation",
        "share of saturated units",
        lambda point: point.activity.saturation,
        SHARE,
        per_layer=True,
        meaning="Where a unit is saturated, the slope of its activation is below 5 % of the largest.",
    ),
    Metric(
        "sparsity",
        "share of silent units",
        lambda point: point.activity.sparsity,
        SHARE,
        per_layer=True,
        meaning="Where a unit is silent, its activation is exactly zero.",
    ),
)

RECORDED = tuple(metric.name for metric in METRICS if not metric.per_layer and not metric.optional)
"""The columns of every trajectory."""

FINAL = tuple(f"final_{metric.name}" for metric in METRICS if metric.final)
BEST = tuple(f"best_{metric.name}" for metric in METRICS if metric.best)

OUTCOMES = (*FINAL, *BEST)
"""The columns of the runs that runs can be ranked by."""

OPTIONAL = tuple(f"final_{metric.name}" for metric in METRICS if metric.final and metric.optional)
"""Those of them that tables hold only where they were measured."""

_BY_NAME = {metric.name: metric for metric in METRICS}

_OF_RUNS, _OPTIONAL, _OF_LAYERS = (
    [(metric.name, metric.measure) for metric in METRICS if (metric.optional, metric.per_layer) == kind]
    for kind in ((False, False), (True, False), (False, True))
)


def metric_of(column: str) -> Metric | None:
    """The metric behind a column, such as ``test_cost``, ``final_test_cost`` or ``sparsity_2``."""
    name = trajectory_column(column)
    return _BY_NAME.get(name) or _BY_NAME.get(name.rpartition("_")[0])


def trajectory_column(column: str) -> str:
    """The column of the trajectories behind one of the runs: ``final_x`` or ``best_x`` -> ``x``."""
    return column.removeprefix("final_").removeprefix("best_")


def higher_is_better(column: str) -> bool:
    """Whether a large value of a column is good; what is no metric is a cost."""
    metric = metric_of(column)
    return metric is not None and metric.higher_is_better


def is_share(column: str) -> bool:
    """Whether the values of a column are shares, between 0 and 1."""
    metric = metric_of(column)
    return metric is not None and metric.unit == SHARE


def worst(column: str) -> float:
    """What a diverged run counts as in a column: cost ∞, accuracy 0."""
    metric = metric_of(column)
    return np.inf if metric is None else metric.worst


def measure_all(point: Point) -> dict[str, Array]:
    """All columns (R,) at a point; NaN where a metric is not available."""
    missing = np.full(len(point.train.w), np.nan)
    columns = {}
    for name, measure in _OF_RUNS:
        values = measure(point)
        columns[name] = missing if values is None else values
    columns |= {name: values for name, measure in _OPTIONAL if (values := measure(point)) is not None}
    if point.activity is not NO_ACTIVITY:
        layers = {name: values for name, measure in _OF_LAYERS if (values := measure(point)) is not None}
        for layer in range(max(map(len, layers.values()), default=0)):
            columns |= {f"{name}_{layer + 1}": values[layer] for name, values in layers.items()}
    return columns
