import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_digits

from optlab.datasets import load


@pytest.mark.parametrize(
    "name, theirs, shape", [("breast_cancer", load_breast_cancer, None), ("digits", load_digits, (8, 8))]
)
def test_bundled_data_are_those_of_sklearn(name, theirs, shape):
    options = {"standardize": False, "validation_fraction": 0, "test_fraction": 0}
    loaded, bunch = load({"name": name, **options}, "float64"), theirs()
    np.testing.assert_array_equal(loaded.train.x, bunch.data)
    np.testing.assert_array_equal(loaded.train.y, bunch.target)
    assert loaded.classes == tuple(map(str, bunch.target_names))
    assert loaded.features == tuple(map(str, bunch.feature_names))
    assert loaded.shape == shape
