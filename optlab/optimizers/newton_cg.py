"""Newton's method by conjugate gradients."""

from typing import Literal, NamedTuple

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.core.options import Count, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.linesearch import decrease
from optlab.optimizers.rule import Rule, optimizer
from optlab.optimizers.steihaug import steihaug


class TrustState(NamedTuple):
    radius: Array  # (R, 1)


@optimizer("value", "gradient", "hessian_vector", family="second order", tuned=False, batches="full")
def newton_cg(
    radius: Positive = 1.0, products: Count = 100, hessian: Literal["exact", "gauss_newton"] = "exact"
) -> Rule:
    """Newton's method in a trust region, which needs products of the Hessian with vectors only.

        p = approximate minimiser of g.p + p.H p / 2 over ||p|| <= radius (see `steihaug`), with the residual
            ||g + H p|| <= min(1/2, sqrt(||g||)) * ||g||
        r = (J(w) - J(w + p)) / (the decrease that g and H predict)
        w <- w + p  where r > 0
        radius <- ||p|| / 4  where r < 1/4,   2 * radius  where r > 3/4 and p reaches the edge

    Args:
        radius: of the first step, positive.
        products: Hessian-vector products in a step at most.
        hessian: `exact`, or `gauss_newton`, which is never indefinite; the same for a linear model with
            cross-entropy.

    Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, algorithms 4.1 and 7.2, eq. (7.3).
    """

    def init(w: Array, objective: Oracle) -> TrustState:
        return TrustState(np.zeros_like(w[:, :1]) + radius)

    def update(w: Array, state: TrustState, objective: Oracle) -> tuple[Array, TrustState]:
        value, g = objective.value_and_gradient(w)
        product = objective.hessian_operator(w, hessian == "gauss_newton")
        norm = np.sqrt(row_dot(g, g))
        tolerance = np.minimum(0.5, np.sqrt(norm)) * norm
        p, residual = steihaug(product, g, state.radius, tolerance, products)
        slope = row_dot(g, p)
        predicted = -(slope + row_dot(residual, p)) / 2
        gain = decrease(objective, w, p, value, slope[:, 0])[:, None]
        length = np.sqrt(row_dot(p, p))
        at_edge = length > 0.99 * state.radius
        growth = np.where((gain > 3 * predicted / 4) & at_edge, 2 * state.radius, state.radius)
        smaller = np.where(np.isfinite(length), length, state.radius) / 4
        new_radius = np.where(gain >= predicted / 4, growth, smaller)
        return np.where(gain > 0, w + p, w), TrustState(new_radius.astype(w.dtype))

    return Rule(init, update)
