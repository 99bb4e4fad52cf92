import numpy as np
import pytest
from sklearn import datasets as theirs
from sklearn.linear_model import LogisticRegression

from optlab.core.errors import UserError
from optlab.datasets import load
from optlab.datasets.generated import blobs, circles, moons, synthetic_logistic


@pytest.mark.parametrize(
    "raw, expected",
    [
        (circles(factor=0.3), lambda: theirs.make_circles(1000, noise=0.1, factor=0.3, random_state=0)),
        (moons(noise=0.2, generator_seed=7), lambda: theirs.make_moons(1000, noise=0.2, random_state=7)),
        (blobs(centers=3, n_features=4), lambda: theirs.make_blobs(1000, 4, centers=3, random_state=0)),
    ],
)
def test_shapes_are_those_of_sklearn(raw, expected):
    x, y = expected()
    np.testing.assert_array_equal(raw.x, x)
    np.testing.assert_array_equal(raw.y, y)
    assert len(raw.classes) == y.max() + 1 and len(raw.features) == x.shape[1]


@pytest.mark.parametrize("n, d, number", [(100, 2, 1.0), (1000, 20, 100.0), (300, 40, 1e6), (50, 49, 1e3)])
def test_the_covariance_has_the_condition_number(n, d, number):
    raw = synthetic_logistic(n_samples=n, n_features=d, condition_number=number)
    # the smallest eigenvalue is known up to rounding of the largest: relative error about 1e-15 * number
    assert np.linalg.cond(np.cov(raw.x.T)) == pytest.approx(number, rel=1e-13 * number + 1e-12)
    assert np.linalg.norm(np.cov(raw.x.T, bias=True), 2) == pytest.approx(1, rel=1e-10)
    assert abs(raw.x.mean(axis=0)).max() < 1e-12


def test_the_yaml_keeps_the_condition_number_in_training():
    options = {"standardize": False, "validation_fraction": 0, "test_fraction": 0, "condition_number": 50.0}
    loaded = load({"name": "synthetic_logistic", **options}, "float64")
    assert np.linalg.cond(np.cov(loaded.train.x.T)) == pytest.approx(50, rel=1e-10)


def test_labels_follow_the_logistic_model():
    raw = synthetic_logistic(n_samples=20_000, n_features=3, separability=2.0)
    model = LogisticRegression(C=np.inf, tol=1e-8).fit(raw.x, raw.y)
    # the fitted weights reproduce a score of standard deviation 2 up to sampling error, about 2 / sqrt(n)
    assert np.std(model.decision_function(raw.x)) == pytest.approx(2.0, abs=0.1)


def test_label_noise_flips_that_share_of_the_labels():
    clean, noisy = (synthetic_logistic(n_samples=20_000, label_noise=share) for share in (0.0, 0.1))
    np.testing.assert_array_equal(clean.x, noisy.x)
    assert np.mean(clean.y != noisy.y) == pytest.approx(0.1, abs=0.01)  # 4.7 standard errors


def test_without_separability_labels_are_coin_flips():
    assert synthetic_logistic(n_samples=20_000, separability=0.0).y.mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("name", ["circles", "moons", "blobs", "synthetic_logistic"])
def test_the_generator_seed_decides_and_is_part_of_the_checksum(name):
    one, same, other = (load({"name": name, "generator_seed": seed}, "float64") for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.train.x, same.train.x)
    assert one.sha256 == same.sha256 != other.sha256
    assert not np.array_equal(one.train.x, other.train.x)


def test_more_features_than_rows_are_refused():
    with pytest.raises(UserError, match=r"dataset\.n_samples=20: must exceed dataset\.n_features=20"):
        synthetic_logistic(n_samples=20, n_features=20)
    with pytest.raises(UserError, match=r"dataset\.condition_number=100\.0: a single feature"):
        synthetic_logistic(n_features=1)
