"""A point is known if its parameters are equal."""

import numpy as np
import pytest

from optlab.objective.evaluation import Evaluation, EvaluationCache

W = np.arange(12.0).reshape(3, 4)


def at(w: np.ndarray) -> Evaluation:
    """Numbers that tell where they are from."""
    return Evaluation(w, w.sum(1), 2 * w, w.mean(1))


def test_a_point_is_known_by_equal_parameters_of_all_runs():
    point, other = at(W), W.copy()
    assert point.is_at(W) and point.is_at(other)
    other[2, 3] = np.nextafter(other[2, 3], np.inf)
    assert not point.is_at(other)
    assert not point.is_at(W[:2])


def test_a_run_that_is_not_a_number_is_known_where_it_is_the_same_array():
    broken = np.where(W > 10, np.nan, W)
    assert at(broken).is_at(broken)
    assert not at(broken).is_at(broken.copy())


def test_selected_runs_keep_what_is_known_of_them():
    part = Evaluation(W, W.sum(1), None, None, np.array([True, False, True])).select_runs(np.array([2, 0]))
    np.testing.assert_array_equal(part.w, W[[2, 0]])
    assert (part.gradient, part.accuracy, part.counted.tolist()) == (None, None, [True, True])


def test_nothing_is_known_before_a_point_is_put():
    assert EvaluationCache(3).get(slice(None), W) is None


def test_what_was_put_last_is_known_run_by_run():
    cache = EvaluationCache(3)
    cache.put(slice(None), at(W + 1))
    cache.put(np.array([0, 2]), at(W[[0, 2]]))
    found = cache.get(slice(None), W)
    assert found.counted.tolist() == [True, False, True]
    for column, right in zip(found[1:4], at(W)[1:4], strict=True):
        np.testing.assert_array_equal(column[[0, 2]], right[[0, 2]])
    assert cache.get(slice(1, 2), W[1:2]) is None
    assert cache.get(np.array([2]), W[[2]]).value.tolist() == [W[2].sum()]


@pytest.mark.parametrize("column", ["value", "gradient", "accuracy"])
def test_later_points_do_not_change_what_was_handed_out(column):
    cache = EvaluationCache(3)
    cache.put(slice(None), at(W))
    found = getattr(cache.get(slice(None), W), column)
    before = found.copy()
    cache.put(slice(None), at(W + 1))
    np.testing.assert_array_equal(found, before)
