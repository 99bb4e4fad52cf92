"""Standardising sparse data; that of dense data is tested with `load`."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.preprocessing import StandardScaler

from optlab.core.errors import UserError
from optlab.datasets.dataset import Part
from optlab.datasets.scaling import converted, scale_of
from optlab.datasets.scaling import scaled as in_scale


def standardized(parts, features):
    return in_scale(parts, scale_of(parts[0].x, features))


def parts() -> list[Part]:
    """Columns: ordinary, far from 0, constant, always 0."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50, 4)) * (rng.random((50, 4)) < 0.4)
    x[:, 1], x[:, 2], x[:, 3] = 1e6 + rng.normal(size=50), 7, 0
    y = np.zeros(50, int)
    return [Part(csr_array(x[:30]), y[:30]), Part(csr_array(x[30:]), y[30:])]


def test_sparse_data_are_divided_by_the_population_deviation_of_the_training_part_and_not_centred():
    train, other = parts()
    scaler = StandardScaler(with_mean=False).fit(train.x.toarray())
    for part, scaled in zip((train, other), standardized([train, other], tuple("abcd")), strict=True):
        assert isinstance(scaled.x, csr_array) and scaled.x.nnz == part.x.nnz
        # scikit-learn's deviation of column b, 1 wide around 1e6, is good to 1e-16 * 1e6^2 of its square
        expected = scaler.transform(part.x.toarray())
        np.testing.assert_allclose(scaled.x.toarray()[:, :2], expected[:, :2], rtol=1e-9)


def test_constant_columns_become_zero():
    for part in standardized(parts(), tuple("abcd")):
        assert not part.x.toarray()[:, 2:].any()


def test_the_given_parts_stay_as_they_are():
    train, other = parts()
    before = train.x.data.copy()
    standardized([train, other], tuple("abcd"))
    converted(train, 2.0, np.dtype("float32"))
    np.testing.assert_array_equal(train.x.data, before)


def test_sparse_data_are_converted_to_the_dtype_of_the_run():
    train = parts()[0]
    single = converted(train, 2.0, np.dtype("float32"))
    assert single.x.dtype == np.float32
    np.testing.assert_allclose(single.x.toarray(), train.x.toarray() / 2, rtol=1e-6)
    with pytest.raises(UserError, match="dtype=float32: the data hold values too large"):
        converted(Part(csr_array([[1e300]]), np.zeros(1, int)), 1.0, np.dtype("float32"))
