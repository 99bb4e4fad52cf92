"""The symmetric rank-one method."""

from typing import NamedTuple

import numpy as np

from optlab.core.arrays import Array, quotient, row_dot
from optlab.core.options import OpenFraction, Positive
from optlab.objective.oracle import Oracle
from optlab.optimizers.linesearch import gain_between
from optlab.optimizers.rule import Rule, optimizer
from optlab.optimizers.secular import limited_minimiser


class Sr1State(NamedTuple):
    radius: Array  # (R, 1)
    hessian: Array  # (R, P, P) B


@optimizer("value", "gradient", family="quasi-Newton", tuned=False, batches="full", matrix=True)
def sr1_trust_region(radius: Positive = 1.0, skip: OpenFraction = 1e-8) -> Rule:
    """SR1 in a trust region: a Hessian B from all steps tried so far, which may be indefinite.

        p = minimiser of g.p + p.B p / 2 over ||p|| <= radius (see `secular`)
        y = g(w + p) - g,    v = y - B p
        w <- w + p                      where J decreases by 0.001 of the prediction or more
        B <- B + v v^T / v.p            where |v.p| >= skip * ||p|| ||v||
        radius <- radius / 2            where the decrease is below 1/10 of the prediction,
                  2 * radius            above 3/4 of it and ||p|| > 0.8 radius

    Args:
        radius: of the first step, positive.
        skip: least share of ||p|| ||v|| that v.p must have, in (0, 1).

    Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, algorithm 6.2, eq. (6.24) and (6.26);
    B = I at first.
    """

    def init(w: Array, objective: Oracle) -> Sr1State:
        return Sr1State(
            np.zeros_like(w[:, :1]) + radius, np.tile(np.eye(w.shape[1], dtype=w.dtype), (len(w), 1, 1))
        )

    def update(w: Array, state: Sr1State, objective: Oracle) -> tuple[Array, Sr1State]:
        (value, g), (size, b) = objective.value_and_gradient(w), state
        most = np.sqrt(row_dot(g, g)) / size
        p, bend = limited_minimiser(b, g, lambda a: size, most)
        there, g_there = objective.value_and_gradient(w + p)
        slope = row_dot(g, p)
        gain = gain_between(value, slope[:, 0], there, g_there, p)[:, None]
        predicted = -(slope + bend / 2)
        v = g_there - g - np.einsum("rpq,rq->rp", b, p)
        vp, length = row_dot(v, p), np.sqrt(row_dot(p, p))
        sound = np.abs(vp) >= np.maximum(skip * length * np.sqrt(row_dot(v, v)), np.finfo(w.dtype).tiny)
        scale = quotient(1.0, vp, sound)
        growth = np.where((gain > 3 * predicted / 4) & (length > 0.8 * size), 2, 1)
        new_size = np.where(gain >= predicted / 10, growth, 0.5) * size
        new_b = b + np.einsum("rp,rq->rpq", scale * v, v)
        accepted = (gain > 1e-3 * predicted) & (predicted > 0)
        return np.where(accepted, w + p, w), Sr1State(new_size.astype(w.dtype), new_b)

    return Rule(init, update)
