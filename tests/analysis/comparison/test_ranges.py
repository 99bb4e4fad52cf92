"""The multiple range test, in simulations: how often it errs, and how often it finds what is there."""

import numpy as np
import pytest
from scipy import stats

from optlab.analysis.comparison.ranges import half_widths, nested, nested_p, p_values, sizes
from optlab.analysis.comparison.spread import spread

K = 6
RUNS = 3000
UNEQUAL = {
    "one noisy method": [10, 1, 1, 1, 1, 1],
    "two noisy methods": [3, 3, 1, 1, 1, 1],
    "a ladder of noise": [1, 2, 4, 8, 16, 32],
}


def shown(values):
    """(R, K, K) what is shown, and (R, K) the methods in the order of their means."""
    order = np.argsort(values.mean(axis=-2), axis=-1)
    ranked = np.take_along_axis(values, order[..., None, :], axis=-1)
    random = np.ones(order.shape, bool)
    found = spread(ranked, random)
    return nested(found.mean > half_widths(found, random)), order


def draw(noise, n, seed=0):
    """(R, n, K) values of methods of equal location, with effects of the seeds."""
    rng = np.random.default_rng(seed)
    shape = (RUNS, n, K)
    if noise in UNEQUAL:
        values = rng.standard_normal(shape) * UNEQUAL[noise]
    else:
        values = {
            "normal": lambda: rng.standard_normal(shape),
            "Laplace": lambda: rng.laplace(size=shape),
            "t with 2 degrees": lambda: rng.standard_t(2, size=shape),
            "Cauchy": lambda: rng.standard_cauchy(shape),
            "uniform": lambda: rng.random(shape),
            "skewed": lambda: np.exp(rng.standard_normal(shape)),
            "rounded": lambda: np.round(rng.standard_normal(shape)),
            "correlated": lambda: (
                rng.standard_normal(shape) + np.repeat(rng.standard_normal((RUNS, n, 2)), K // 2, axis=-1)
            ),
        }[noise]()
    return values + 3 * rng.standard_normal((RUNS, n, 1))


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize("noise", ["normal", "Laplace", "t with 2 degrees", "Cauchy", "uniform", "skewed",
                                   "rounded", "correlated", *UNEQUAL])  # fmt: skip
def test_of_equal_methods_none_is_called_better(noise, n):
    """In at most 5 % of the studies; two standard errors of 3,000 simulated ones are 0.8 %."""
    claims, _ = shown(draw(noise, n))
    assert claims.any(axis=(1, 2)).mean() <= 0.05 + 0.008


@pytest.mark.parametrize("n", [3, 5, 10])
def test_of_pairs_of_equal_methods_none_is_called_better(n):
    """Two methods are equal, one of them noisy; the others lie far apart."""
    rng = np.random.default_rng(1)
    values = rng.standard_normal((RUNS, n, K)) * [10, 1, 1, 1, 1, 1] + 1e4 * np.array([0, 0, 1, 2, 3, 4])
    claims, order = shown(values)
    false = claims[:, 0, 1] & (np.sort(order[:, :2], axis=1) == [0, 1]).all(axis=1)
    assert false.mean() <= 0.05 + 0.012  # three standard errors


LADDER = np.log(3) * np.arange(K)


@pytest.mark.parametrize(
    ("n", "noise", "least"), [(3, 0.5, 0.25), (5, 0.5, 0.69), (10, 0.5, 0.97), (3, 0.3, 0.7), (5, 0.3, 0.98)]
)
def test_methods_a_factor_3_apart_are_told_apart(n, noise, least):
    """How often the best is shown to be better than the second, by 5 seeds in at least 70 % of the studies.

    `noise` is the standard deviation of the logarithm of one run. The standard error is 0.8 %.
    """
    rng = np.random.default_rng(2)
    claims, order = shown(noise * rng.standard_normal((RUNS, n, K)) + LADDER)
    assert (claims[:, 0, 1] & (order[:, 0] == 0) & (order[:, 1] == 1)).mean() >= least


def test_leaders_are_neighbours_in_rank():
    """Also where variances differ: who is not shown to be worse than the first comes before all who are."""
    rng = np.random.default_rng(3)
    for n in (3, 5, 10):
        values = rng.standard_normal((RUNS, n, K)) * rng.choice([0.1, 0.5, 3], (RUNS, 1, K)) + LADDER
        behind = shown(values)[0][:, 0, 1:]
        assert (behind[:, 1:] >= behind[:, :-1]).all()


def test_two_methods_are_compared_by_students_paired_t():
    values = np.random.default_rng(0).normal([0.0, 1.0], 1, (5, 2))
    random = np.ones(2, bool)
    found = spread(values, random)
    p = stats.ttest_rel(values[:, 0], values[:, 1]).pvalue
    assert p_values(found, random)[0, 1] == pytest.approx(p, rel=1e-6)
    expected = stats.t.ppf(0.975, 4) * (values[:, 1] - values[:, 0]).std(ddof=1) / np.sqrt(5)
    assert half_widths(found, random)[0, 1] == pytest.approx(expected, rel=1e-4)


def test_p_is_below_5_percent_where_the_difference_exceeds_the_half_width():
    rng = np.random.default_rng(4)
    for _ in range(50):
        values = np.sort(rng.standard_normal((4, 5)) + np.arange(5), axis=1)
        random = np.ones(5, bool)
        found = spread(values, random)
        upper = np.triu(np.ones((5, 5), bool), 1)
        wide = found.mean > half_widths(found, random)
        assert ((p_values(found, random) <= 0.05) == wide)[upper].all()
        assert ((nested_p(p_values(found, random)) <= 0.05)[upper] == nested(wide)[upper]).all()


def test_two_seeds_prove_nothing():
    values = np.array([[0.0, 1.0], [0.1, 1.1]])
    random = np.ones(2, bool)
    found = spread(values, random)
    assert half_widths(found, random)[0, 1] == np.inf and np.isnan(p_values(found, random)[0, 1])


def test_what_does_not_vary_counts_as_one_method():
    within, total = sizes(np.array([False, False, True, False, True]))
    assert within[0].tolist() == [1, 1, 2, 2, 3] and total == 3


def test_a_difference_is_shown_only_if_every_wider_one_is():
    claims = np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]], bool)
    assert not nested(claims).any()


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize("groups", [[0, 1, 2, 3, 4, 5], [0, 0, 0, 1, 1, 1]])
def test_methods_that_differ_by_the_margin_are_not_called_equivalent(n, groups):
    """In at most 5 % of the studies any of the pairs that are just too far apart; 0.8 % are two errors."""
    margin = np.log(1.05)
    shift = margin * np.array(groups)
    values = 0.01 * np.random.default_rng(5).standard_normal((RUNS, n, K)) + shift
    order = np.argsort(values.mean(axis=-2), axis=-1)
    random = np.ones(order.shape, bool)
    found = spread(np.take_along_axis(values, order[:, None, :], axis=-1), random)
    within = np.triu(np.abs(found.mean) + half_widths(found, random) < margin, 1)
    apart = np.abs(shift[order][:, :, None] - shift[order][:, None, :]) >= 0.999 * margin
    assert (within & apart).any(axis=(1, 2)).mean() <= 0.05 + 0.008
