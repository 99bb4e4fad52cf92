import numpy as np
import pytest

from optlab.analysis.comparison.judgement import DIVERGENCE, FACT, SIGNED_RANK, judge
from optlab.analysis.comparison.layout import Layout

INF = np.inf


def laid_out(values, random=None, scale="ratio"):
    """A layout of values (n, K) whose methods are called a, b, ..."""
    values = np.asarray(values, float)
    k = values.shape[1]
    random = np.ones(k, bool) if random is None else np.asarray(random)
    share = scale == "difference"
    sign = -1.0 if share else 1.0
    return Layout(
        [*"abcdefgh"[:k]], values, np.zeros(k, bool), random, "final_train_cost", scale, sign, share, {}
    )


def noise(n, *means):
    """(n, K) values that vary little around their means."""
    return np.random.default_rng(0).normal(means, 0.01, (n, len(means)))


def test_methods_are_ranked_by_their_means():
    found = judge(laid_out(noise(5, 2.0, 0.0, 1.0)))
    assert found.names == ["b", "c", "a"] and found.placed == 3
    assert found.shown.tolist() == np.triu(np.ones((3, 3), bool), 1).tolist()
    np.testing.assert_allclose(found.centre, [0, 1, 2], atol=0.02)


def test_a_deterministic_difference_needs_no_test():
    found = judge(laid_out([[1.0, 2.0, 2.0]], random=[False] * 3))
    assert found.shown[0].tolist() == [False, True, True] and not found.shown[1, 2]
    assert (found.test[0, 1], found.p[0, 1]) == (FACT, 0) and found.equal[1, 2]


def test_repeated_differences_are_tested_exactly():
    """Accuracies may differ by one sample on each of five seeds; of six that would be p = 2 / 2^6."""
    five = judge(laid_out([[-0.5, -0.4], [-0.4, -0.3], [-0.6, -0.5], [-0.5, -0.4], [-0.1, -0.0]]))
    assert (five.test[0, 1], five.least_p[0, 1]) == (SIGNED_RANK, 2 / 2**5) and not five.shown[0, 1]
    values = np.array([[0.5, 0.4], [0.4, 0.3], [0.6, 0.5], [0.5, 0.4], [0.1, 0.0], [0.7, 0.6]])
    six = judge(laid_out(-values))
    assert six.p[0, 1] == pytest.approx(2 / 2**6) and six.shown[0, 1]


def test_diverging_on_four_of_five_seeds_is_a_difference():
    values = noise(5, *[0.0] * 6)
    values[:4, 0] = INF
    found = judge(laid_out(values))
    assert found.names[-1] == "a" and found.counts[-1] == 4 and found.placed == 6
    assert found.shown[:5, 5].all() and (found.test[:5, 5] == DIVERGENCE).all()
    assert not found.shown[:5, :5].any()


def test_a_method_that_diverged_once_is_neither_shown_worse_nor_first():
    values = noise(5, 0.0, 1.0, 5.0)
    values[2, 0] = INF
    found = judge(laid_out(values))
    assert found.names == ["b", "a", "c"]
    assert not found.shown[0, 1] and found.shown[0, 2] and found.shown[1, 2] == (found.p[1, 2] <= 0.05)


def test_a_diverged_run_is_no_reason_to_be_better():
    """On the seeds that are left b is far better, and yet it is not shown to be."""
    values = noise(6, 5.0, 0.0)
    values[0, 1] = INF
    assert not judge(laid_out(values)).shown.any()


def test_with_too_few_seeds_left_a_method_is_not_placed():
    values = noise(5, 0.0, 0.0, 0.0)
    values[:3, 2] = INF
    found = judge(laid_out(values))
    assert found.names[-1] == "c" and found.placed == 2 and not found.shown[:, 2].any()


def test_no_method_is_no_judgement():
    found = judge(laid_out(np.zeros((3, 0))))
    assert found.names == [] and found.placed == 0


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize("chance", [0.1, 0.35])
def test_of_methods_that_diverge_equally_often_none_is_called_better(n, chance):
    """In at most 5 % of 250 studies, and three standard errors."""
    rng = np.random.default_rng(0)
    wrong = 0
    for _ in range(250):
        values = rng.standard_normal((n, 6))
        values[rng.random((n, 6)) < chance] = INF
        wrong += judge(laid_out(values)).shown.any()
    assert wrong / 250 <= 0.05 + 0.041


def test_leaders_are_neighbours_in_rank_whatever_the_noise():
    rng = np.random.default_rng(1)
    for _ in range(100):
        n, k = rng.integers(3, 8), rng.integers(2, 8)
        values = rng.standard_normal((n, k)) * rng.choice([0.1, 1, 5], k) + np.arange(k)
        values[rng.random((n, k)) < 0.1] = INF
        found = judge(laid_out(values))
        behind = found.shown[0, 1 : found.placed].astype(int)
        assert (np.diff(behind) >= 0).all()
