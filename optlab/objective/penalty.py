"""Penalties: what is added to the mean loss of a run, a function of its weights.

    P(w) = sum of c phi(w_j) over the weights w_j and over the terms, c the strength of a term

Biases and the intercept are not penalised. A term is smooth, with a gradient and a curvature, or it has a
proximal operator: rules add the gradient of the smooth terms to that of the loss, and take the rest by its
proximal operator, as in composite optimization (Beck, First-Order Methods in Optimization, 2017, chapter 10).

A new penalty is a `Term` in `TERMS` and an option of the same name in the signature of `penalty` and in
conf/penalty.yaml.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Annotated, Any, NamedTuple

import numpy as np

from optlab.core.arrays import Array, scalar_per_run
from optlab.core.options import Form, NonNegative, annotations, conform


class Term(NamedTuple):
    """c phi(w), elementwise: w are parameters (R, P), c >= 0 broadcasts with them and is 0 at biases."""

    value: Callable[[Array, Array], Array]
    """c, w -> sum of c phi(w) over the parameters (R,)."""

    gradient: Callable[[Array, Array], Array] | None = None
    """c, w -> c phi'(w) (R, P); None: the term is not smooth, and has a `prox` instead."""

    curvature: Callable[[Array, Array], Array] | None = None
    """c, w -> c phi''(w), broadcasts with w."""

    curvatures: tuple[float, float] = (0.0, 0.0)
    """The least and the largest phi'' there is; 0 of a convex term that is not smooth."""

    prox: Callable[[Array, Array], Array] | None = None
    """c, w -> the u (R, P) that minimise c phi(u) + (u - w)^2 / 2."""


def _half_square(c: Array, w: Array) -> Array:
    return 0.5 * np.einsum("rp,rp->r", c * w, w)


def _soft_threshold(c: Array, w: Array) -> Array:
    return np.sign(w) * np.maximum(np.abs(w) - c, 0)


TERMS = {
    "l2": Term(
        value=_half_square,
        gradient=lambda c, w: c * w,
        curvature=lambda c, w: c,
        curvatures=(1.0, 1.0),
    ),
    "l1": Term(value=lambda c, w: (c * np.abs(w)).sum(1), prox=_soft_threshold),
    "nonconvex": Term(
        value=lambda c, w: (c * w**2 / (1 + w**2)).sum(1),
        gradient=lambda c, w: 2 * c * w / (1 + w**2) ** 2,
        curvature=lambda c, w: c * (2 - 6 * w**2) / (1 + w**2) ** 3,
        curvatures=(-0.5, 2.0),
    ),
}
"""The terms by the options that set their strengths.

    l2           (l2/2) ||weights||^2
    l1           l1 ||weights||_1 (Tibshirani, Regression Shrinkage and Selection via the Lasso, 1996)
    nonconvex    nonconvex * sum of w^2 / (1 + w^2) (Antoniadis, Gijbels and Nikolova, Penalized Likelihood
                 Regression for Generalized Linear Models with Non-quadratic Penalties, 2011)
"""


@dataclass(frozen=True, slots=True)
class Penalty:
    """A sum of terms; w are parameters (R, P)."""

    strengths: Mapping[str, Any]
    """By name of the term, those that are not 0: a number, or one for each run (R, 1). Of a penalty that is
    restricted, one for each parameter too, (P,) or (R, P)."""

    def restrict(self, mask: Array) -> "Penalty":
        """The same on the parameters where `mask` (P,) is 1 alone: not on biases, where it is 0."""
        return Penalty({name: c * mask for name, c in self.strengths.items()})

    def select_runs(self, index: Any) -> "Penalty":
        """The penalty of the runs that `index` (a slice, mask or positions) selects."""
        per_run = {name: c[index] for name, c in self.strengths.items() if getattr(c, "ndim", 0) == 2}
        return Penalty({**self.strengths, **per_run}) if per_run else self

    def __bool__(self) -> bool:
        return bool(self.strengths)

    def value(self, w: Array) -> Array:
        """P(w), (R,)."""
        parts = [TERMS[name].value(c, w) for name, c in self.strengths.items()]
        return reduce(add, parts) if parts else np.zeros(len(w))

    def gradient(self, w: Array) -> Array:
        """Gradient (R, P) of the smooth terms."""
        parts = [slope(c, w) for name, c in self.strengths.items() if (slope := TERMS[name].gradient)]
        return reduce(add, parts) if parts else np.zeros_like(w)

    def hessian_diagonal(self, w: Array) -> Array:
        """Diagonal (R, P) of the Hessian of the smooth terms, which has nothing beside it."""
        parts = [bend(c, w) for name, c in self.strengths.items() if (bend := TERMS[name].curvature)]
        return np.broadcast_to(reduce(add, parts) if parts else w.dtype.type(0), w.shape)

    def rough_value(self, w: Array) -> Array:
        """What the terms that are not smooth add to P(w), (R,)."""
        return Penalty(self.rough).value(w)

    def prox(self, w: Array, step: float | Array) -> Array:
        """The u (R, P) that minimise h(u) + ||u - w||^2 / (2 step), h the terms that are not smooth."""
        for name, c in self.rough.items():
            w = TERMS[name].prox(step * c, w)  # type: ignore[misc]
        return w

    @property
    def rough(self) -> dict[str, Any]:
        """The strengths of the terms that are not smooth."""
        return {name: c for name, c in self.strengths.items() if not TERMS[name].gradient}

    @property
    def is_smooth(self) -> bool:
        """Whether the penalty has a gradient everywhere."""
        return not self.rough

    @property
    def is_quadratic(self) -> bool:
        """Whether its Hessian is the same everywhere."""
        return self.is_smooth and all(len({*TERMS[name].curvatures}) == 1 for name in self.strengths)

    @property
    def strong_convexity(self) -> float:
        """The least curvature of one run's penalty in any weight; below 0 where it is not convex."""
        return self._curvature(0)

    @property
    def max_curvature(self) -> float:
        """The largest curvature of one run's penalty in any weight, of its smooth terms."""
        return self._curvature(1)

    def _curvature(self, end: int) -> float:
        """The least (0) or the largest (1); an l1 that is no number yet has none."""
        bends = {name: bend for name in self.strengths if (bend := TERMS[name].curvatures[end])}
        return sum(self.strengths[name] * bend for name, bend in bends.items())

    def describe(self) -> str:
        """The penalty of one run in words: ``l2 = 0.001``, ``no penalty``."""
        texts = [f"{name} = {c if isinstance(c, str) else f'{c:g}'}" for name, c in self.strengths.items()]
        return ", ".join(texts) or "no penalty"


def _nonzero(strengths: Mapping[str, Any]) -> Penalty:
    return Penalty({name: c for name, c in strengths.items() if isinstance(c, str) or np.any(c)})


def share_of_max(value: object) -> float | None:
    """0.1 of ``0.1*max``; None of what is no such text."""
    number, star, word = str(value).partition("*")
    if not isinstance(value, str) or (star, word) != ("*", "max"):
        return None
    try:
        share = float(number)
    except ValueError:
        return None
    return share if 0 < share < 1 else None


ShareOfMax = Annotated[
    str,
    Form(
        "SHARE*max, a share between 0 and 1 of the least l1 that makes all weights 0",
        lambda text: share_of_max(text) is not None,
    ),
]


def penalty(
    l2: NonNegative = 0.0,
    l1: NonNegative | ShareOfMax = 0.0,
    nonconvex: NonNegative = 0.0,
) -> Penalty:
    """The penalty with these strengths; the signature is the schema of its options in the `model` section.

    An l1 such as ``0.1*max`` becomes a number once the data are known, see `l1_max`.
    """
    return _nonzero({"l2": l2, "l1": l1, "nonconvex": nonconvex})


NONE = penalty()

OPTIONS = tuple(annotations(penalty))
"""Names of the options of a penalty."""


def penalty_options(section: Mapping[str, Any]) -> dict[str, float]:
    """The options of the penalty in a `model` section, complete.

    Raises:
        UserError: a strength that is not a number, or out of range.
    """
    return conform({name: section[name] for name in OPTIONS if name in section}, penalty, "model")


def penalty_of(section: Mapping[str, Any]) -> Penalty:
    """The penalty that a `model` section sets; see `penalty_options` for what it raises."""
    return penalty(**penalty_options(section))


def stack_penalties(penalties: Sequence[Penalty], dtype: np.dtype) -> Penalty:
    """The penalties of the runs of a stack as one."""
    strengths = {n: [float(p.strengths.get(n, 0.0)) for p in penalties] for n in OPTIONS}
    return _nonzero({name: scalar_per_run(values, dtype) for name, values in strengths.items()})
