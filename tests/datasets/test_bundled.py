import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine

from optlab.datasets import load


@pytest.mark.parametrize(
    "name, theirs, shape",
    [
        ("breast_cancer", load_breast_cancer, None),
        ("digits", load_digits, (8, 8)),
        ("iris", load_iris, None),
        ("wine", load_wine, None),
    ],
)
def test_bundled_data_are_those_of_sklearn(name, theirs, shape):
    options = {"standardize": False, "validation_fraction": 0, "test_fraction": 0}
    loaded, bunch = load({"name": name, **options}, "float64"), theirs()
    np.testing.assert_array_equal(loaded.train.x, bunch.data)
    np.testing.assert_array_equal(loaded.train.y, bunch.target)
    assert loaded.classes == tuple(map(str, bunch.target_names))
    assert loaded.features == tuple(map(str, bunch.feature_names))
    assert loaded.shape == shape


def test_diabetes_is_sklearns_and_its_target_a_number():
    loaded, bunch = load({"name": "diabetes", "validation_fraction": 0, "test_fraction": 0}), load_diabetes()
    # theirs are columns of length 1
    np.testing.assert_allclose(loaded.train.x / np.sqrt(442), bunch.data, rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(loaded.train.y, bunch.target)
    assert loaded.n_classes == 0 and loaded.features == tuple(bunch.feature_names)


def test_the_parts_of_a_regression_are_disjoint_and_drawn_by_the_seed():
    first, again, other = (load({"name": "diabetes", "split_seed": seed}) for seed in (0, 0, 1))
    assert [len(part.y) for part in (first.train, first.validation, first.test)] == [266, 88, 88]
    np.testing.assert_array_equal(first.test.y, again.test.y)
    assert (first.test.y != other.test.y).any()
    every = np.concatenate([first.train.y, first.validation.y, first.test.y])
    assert sorted(every) == sorted(load_diabetes().target)
    assert first.train.y.dtype == load({"name": "diabetes"}, "float32").train.y.dtype == float
