import numpy as np
import pytest
from scipy.sparse import csr_array

from optlab.training.optimum.separation import separation

X = np.array([[-2.0], [-1.0], [1.0], [2.0]])


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (X, [0, 0, 1, 1], "separable"),
        (X, [0, 1, 0, 1], "overlapping"),
        (np.array([[-1.0], [0.0], [0.0], [1.0]]), [0, 0, 1, 1], "quasi-separable"),
        (np.array([[0.0], [0.0], [1.0]]), [0, 1, 1], "quasi-separable"),  # a rare feature, as in a9a
        (1e6 * X, [0, 0, 1, 1], "separable"),
        (1e-6 * X, [0, 1, 0, 1], "overlapping"),
    ],
)
@pytest.mark.parametrize("as_stored", [np.asarray, csr_array])
def test_two_classes(x, y, expected, as_stored):
    assert separation(as_stored(x), np.array(y), 1, intercept=True) == expected
    assert separation(as_stored(x), np.array(y), 2, intercept=True) == expected


def test_without_an_intercept_the_origin_must_lie_between_them():
    y = np.array([0, 0, 1, 1])
    assert separation(X + 5, y, 1, intercept=True) == "separable"
    assert separation(X + 5, y, 1, intercept=False) == "overlapping"


@pytest.mark.parametrize(
    ("y", "expected"), [([0, 1, 2] * 2, "overlapping"), ([0, 0, 1, 1, 2, 2], "separable")]
)
def test_several_classes(y, expected):
    angles = np.arange(6)
    x = np.column_stack([np.cos(angles), np.sin(angles)])
    assert separation(x, np.array(y), 3, intercept=True) == expected


def test_what_is_too_large_is_left_open(monkeypatch):
    monkeypatch.setattr("optlab.training.optimum.separation.MAX_ENTRIES", 3)
    assert separation(X, np.array([0, 0, 1, 1]), 1, intercept=True) is None
