import numpy as np

from optlab.datasets import load

SECTION = {"name": "shifts", "validation_fraction": 0.0, "standardize": False}


def test_without_noise_all_shifts_are_zero():
    data = load({**SECTION, "dimension": 3, "test_fraction": 0.0})
    np.testing.assert_array_equal(data.train.x, np.zeros((1, 3)))
    assert data.n_classes == 1 and data.features == ("w1", "w2", "w3") and len(data.test.y) == 0


def test_test_shifts_are_others_with_the_same_noise():
    data = load({**SECTION, "n_samples": 500, "n_test": 400, "noise": 2.0})
    assert len(data.train.y) == 500 and len(data.test.y) == 400
    assert not np.isin(data.test.x, data.train.x).any()
    np.testing.assert_allclose([data.train.x.std(), data.test.x.std()], 2.0, rtol=0.1)  # 800 numbers
