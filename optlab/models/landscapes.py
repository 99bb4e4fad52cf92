"""Costs of a few parameters that every picture of optimizers shows, see `functions`.

The lists that are defaults are never modified.
"""
# ruff: noqa: B006

from optlab.core.options import Count, Index, Positive
from optlab.models.function_model import FunctionModel
from optlab.models.functions import FORMULAS
from optlab.models.functions import log_sum_exp as log_sum_exp_formula
from optlab.models.model import REGISTRY

Start = list[float]


@REGISTRY.register
def rosenbrock(dimension: int, n_classes: int, /, start: Start = [-1.2, 1.0]) -> FunctionModel:
    """A curved valley, least at (1, ..., 1)."""
    return FunctionModel("rosenbrock", FORMULAS["rosenbrock"], dimension, n_classes, start)


@REGISTRY.register
def beale(dimension: int, n_classes: int, /, start: Start = [1.0, 1.5]) -> FunctionModel:
    """Flat plains between steep corners, least at (3, 1/2)."""
    return FunctionModel("beale", FORMULAS["beale"], dimension, n_classes, start)


@REGISTRY.register
def branin(dimension: int, n_classes: int, /, start: Start = [2.5, 7.5]) -> FunctionModel:
    """Three equal minima, of 10 / (8 pi)."""
    return FunctionModel("branin", FORMULAS["branin"], dimension, n_classes, start)


@REGISTRY.register
def rastrigin(dimension: int, n_classes: int, /, start: Start = [2.3, -1.7]) -> FunctionModel:
    """A bowl with a minimum near every point of whole numbers, least at 0."""
    return FunctionModel("rastrigin", FORMULAS["rastrigin"], dimension, n_classes, start)


@REGISTRY.register
def saddle(dimension: int, n_classes: int, /, start: Start = [1.0, 0.001]) -> FunctionModel:
    """A saddle at 0, near whose ridge the default start lies, between minima at (0, 1) and (0, -1)."""
    return FunctionModel("saddle", FORMULAS["saddle"], dimension, n_classes, start)


@REGISTRY.register
def log_sum_exp(
    dimension: int,
    n_classes: int,
    /,
    terms: Count = 100,
    smoothing: Positive = 0.1,
    terms_seed: Index = 0,
    start: Start = [1.0],
) -> FunctionModel:
    """A smooth maximum of `terms` linear functions, convex and least at 0; sharper the less `smoothing`."""
    formula, largest = log_sum_exp_formula(dimension, terms, smoothing, terms_seed)
    return FunctionModel("log_sum_exp", formula, dimension, n_classes, start, (0.0, largest))
