"""Diverging more often than another method: tests of counts.

Of n runs on common seeds one method diverged a times and another b times. Two exact tests must agree.

* Of the pair alone, Boschloo's: p is the largest probability, over all chances of divergence that both may
  have in common, of counts that Fisher's test finds as unlikely. It needs no seeds to be paired: what is
  common to both on a seed makes the counts more alike than the test supposes. It is at its best where the
  paired test of McNemar is at a loss: 4 of 5 against none has p = 0.02 (McNemar's 0.125).
* Of all K methods, given how many runs diverged in all: the probability that the counts of equal methods lie
  as far apart as a and b, each of the n K runs being as likely to diverge as any other.

Reference: Boschloo, Raised Conditional Level of Significance for the 2 × 2 Table when Testing the Equality of
Two Probabilities, Statistica Neerlandica 24, 1970.
"""

from functools import cache
from math import comb

import numpy as np

from optlab.core.arrays import Array


def divergence_p(counts: Array, n: int) -> Array:
    """(K, K) p that two methods diverge equally often, for K counts of n runs."""
    if not counts.any():
        return np.ones((len(counts), len(counts)))
    pairs = np.array([[pair_p(int(a), int(b), n) for b in counts] for a in counts])
    if len(counts) < 3:
        return pairs
    distance, total = np.abs(counts[:, None] - counts[None, :]), int(counts.sum())
    family = {int(apart): _range_p(int(apart), total, n, len(counts)) for apart in np.unique(distance)}
    return np.maximum(pairs, np.vectorize(family.get, otypes=[float])(distance))


@cache
def pair_p(a: int, b: int, n: int) -> float:
    """Boschloo's p for a and b of n runs each."""
    fisher = _fisher(n)
    as_unlikely = fisher <= fisher[a, b] * (1 + 1e-9)
    chance = np.linspace(0, 1, 501)[:, None]
    k = np.arange(n + 1)
    binomial = np.array([comb(n, i) for i in k]) * chance**k * (1 - chance) ** (n - k)
    return float(min(1, np.einsum("ci,cj,ij->c", binomial, binomial, as_unlikely).max()))


@cache
def _fisher(n: int) -> Array:
    """(n + 1, n + 1) two-sided p of Fisher's exact test."""
    p = np.ones((n + 1, n + 1))
    for total in range(2 * n + 1):
        a = np.arange(max(0, total - n), min(n, total) + 1)
        weight = np.array([comb(n, i) * comb(n, total - i) for i in a], float)
        for i, own in zip(a, weight, strict=True):
            p[i, total - i] = weight[weight <= own * (1 + 1e-9)].sum() / weight.sum()
    return p


def _range_p(apart: int, total: int, n: int, k: int) -> float:
    """P(largest - smallest count >= apart) of k methods with n runs each, `total` of which diverged."""
    if apart == 0:
        return 1.0

    def ways(low: int, high: int) -> int:
        """Choices of `total` of the n k runs with every count from `low` to `high`."""
        polynomial = [1]
        for _ in range(k):
            product = [0] * (total + 1)
            for used, number in enumerate(polynomial):
                for count in range(low, min(high, n, total - used) + 1):
                    product[used + count] += number * comb(n, count)
            polynomial = product
        return polynomial[total]

    narrower = sum(
        ways(low, low + apart - 1) - ways(low + 1, low + apart - 1) for low in range(max(n - apart, 0) + 2)
    )
    return 1 - narrower / comb(n * k, total)
