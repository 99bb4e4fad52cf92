"""Truncated conjugate gradients: the quadratic model of a trust region, solved approximately by every run."""

from collections.abc import Callable

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot


def steihaug(
    product: Callable[[Array, Array], Array], g: Array, radius: Array, tolerance: Array, max_products: int
) -> tuple[Array, Array]:
    """Approximate minimiser of g.p + p.H p / 2 over ||p|| <= radius.

    Conjugate gradients from p = 0; a run that meets negative curvature or leaves its region goes to the edge
    and is done, and so is one whose residual g + H p is not longer than its tolerance.

    Args:
        product: positions of some runs and v of these runs -> H v of these runs.
        g: gradients (R, P).
        radius, tolerance: of every run (R, 1).
        max_products: number of products at most.

    Returns:
        p and g + H p (R, P); p is 0 where g is not finite.

    Reference: Steihaug, The Conjugate Gradient Method and Trust Regions in Large Scale Optimization, 1983;
    Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, algorithm 7.2.
    """
    p, residual, d = np.zeros_like(g), g.copy(), -g
    active = np.flatnonzero(np.isfinite(g).all(1) & (row_dot(g, g) > tolerance**2)[:, 0])
    for _ in range(max_products):
        if len(active) == 0:
            break
        i = active
        hd = product(i, d[i])
        squared, curvature = row_dot(residual[i], residual[i]), row_dot(d[i], hd)
        alpha = quotient(squared, curvature, curvature > 0, np.inf)
        tau = _length_to_edge(p[i], d[i], radius[i])
        inside = alpha < tau
        length = np.where(inside, alpha, tau)
        p[i] += length * d[i]
        residual[i] += length * hd
        new = row_dot(residual[i], residual[i])
        d[i] = new / squared * d[i] - residual[i]
        active = i[(inside & (new > tolerance[i] ** 2))[:, 0]]
    return p, residual


def _length_to_edge(p: Array, d: Array, radius: Array) -> Array:
    """The positive root tau (R, 1) of ||p + tau d|| = radius."""
    dd, pd = row_dot(d, d), row_dot(p, d)
    return (np.sqrt(pd**2 + dd * (radius**2 - row_dot(p, p))) - pd) / dd
