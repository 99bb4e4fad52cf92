"""Penalties: what is added to the mean loss of a run, a function of its weights.

    P(w) = sum of c phi(w_j) over the weights w_j and over the terms, c the strength of a term

Biases and the intercept are not penalised. A term is smooth, with a gradient and a curvature, or it has a
proximal operator: rules add the gradient of the smooth terms to that of the loss, and take the rest by its
proximal operator, as in composite optimization (Beck, First-Order Methods in Optimization, 2017, chapter 10).

A new penalty is a `Term` in `TERMS` and an option of the same name in the signature of `penalty` and in
conf/penalty.yaml.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from optlab.core.arrays import Array, scalar_per_run
from optlab.core.options import NonNegative, annotations, conform


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


TERMS = {
    "l2": Term(
        value=_half_square,
        gradient=lambda c, w: c * w,
        curvature=lambda c, w: c,
        curvatures=(1.0, 1.0),
    ),
}
"""The terms by the options that set their strengths: l2 is (l2/2) ||weights||^2."""


@dataclass(frozen=True, slots=True)
class Penalty:
    """A sum of terms. `mask` (P,) is 1 at weights and 0 at biases (`Model.penalty_mask`)."""

    strengths: Mapping[str, Any]
    """By name of the term, those that are not 0: a number, or one for each run (R, 1)."""

    def __bool__(self) -> bool:
        return bool(self.strengths)

    def select_runs(self, index: Any) -> "Penalty":
        """The penalty of the runs that `index` (a slice, mask or positions) selects."""
        if not any(isinstance(c, np.ndarray) for c in self.strengths.values()):
            return self
        return Penalty({k: c[index] if isinstance(c, np.ndarray) else c for k, c in self.strengths.items()})

    def value(self, w: Array, mask: Array) -> Array:
        """P(w), (R,)."""
        return sum((term.value(c, w) for term, c in self._terms(w, mask)), np.zeros(len(w)))

    def gradient(self, w: Array, mask: Array) -> Array:
        """Gradient (R, P) of the smooth terms."""
        parts = [term.gradient(c, w) for term, c in self._terms(w, mask) if term.gradient]
        return sum(parts[1:], parts[0]) if parts else np.zeros_like(w)

    def hessian_diagonal(self, w: Array, mask: Array) -> Array:
        """Diagonal (R, P) of the Hessian of the smooth terms, which has nothing beside it."""
        parts = [term.curvature(c, w) for term, c in self._terms(w, mask) if term.curvature]
        return np.broadcast_to(sum(parts[1:], parts[0]) if parts else w.dtype.type(0), w.shape)

    def prox(self, w: Array, step: float | Array, mask: Array) -> Array:
        """The u (R, P) that minimise h(u) + ||u - w||^2 / (2 step), h the terms that are not smooth."""
        for term, c in self._terms(w, mask):
            if term.prox:
                w = term.prox(step * c, w)
        return w

    def _terms(self, w: Array, mask: Array) -> Iterator[tuple[Term, Array]]:
        """Every term with its strength at each parameter."""
        for name, strength in self.strengths.items():
            yield TERMS[name], strength * mask.astype(w.dtype)

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
        return sum(c * TERMS[name].curvatures[0] for name, c in self.strengths.items())

    @property
    def max_curvature(self) -> float:
        """The largest curvature of one run's penalty in any weight, of its smooth terms."""
        return sum(c * TERMS[name].curvatures[1] for name, c in self.strengths.items())

    def describe(self) -> str:
        """The penalty of one run in words: ``l2 = 0.001``, ``no penalty``."""
        return ", ".join(f"{name} = {c:g}" for name, c in self.strengths.items()) or "no penalty"


def _nonzero(strengths: Mapping[str, Any]) -> Penalty:
    return Penalty({name: c for name, c in strengths.items() if np.any(c)})


def penalty(l2: NonNegative = 0.0) -> Penalty:
    """The penalty with these strengths; the signature is the schema of its options in the `model` section."""
    return _nonzero({"l2": l2})


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


def stacked(penalties: Sequence[Penalty], dtype: np.dtype) -> Penalty:
    """The penalties of the runs of a stack as one."""
    strengths = {n: [float(p.strengths.get(n, 0.0)) for p in penalties] for n in OPTIONS}
    return _nonzero({name: scalar_per_run(values, dtype) for name, values in strengths.items()})
