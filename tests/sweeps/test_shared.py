"""Data sets in shared memory: what comes out is what was put in, and it is not a copy."""

import os

import numpy as np
import pytest
from scipy.sparse import csr_array

from optlab.datasets.dataset import Dataset, Part
from optlab.sweeps import shared

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="needs memfd_create")


@pytest.mark.parametrize("make", [np.asarray, csr_array], ids=["dense", "sparse"])
def test_a_data_set_is_mapped_read_only_and_whole(make):
    x = np.random.default_rng(0).normal(size=(20, 3)) * (np.arange(60).reshape(20, 3) % 2)
    parts = [Part(make(x[rows]), np.arange(20)[rows] % 2) for rows in (slice(12), slice(12, 20), slice(0))]
    dataset = Dataset("toy", *parts, ("a", "b", "c"), ("no", "yes"), "")
    where, file = shared._share(dataset)
    try:
        mapped = shared._map(where)
    finally:
        os.close(file)
        shared._map.cache_clear()
    for part, its in zip(parts, (mapped.train, mapped.validation, mapped.test), strict=True):
        assert type(its.x) is type(part.x) and its.x.shape == part.x.shape
        values = [its.x] if isinstance(its.x, np.ndarray) else [its.x.data, its.x.indices, its.x.indptr]
        assert not any(array.flags.writeable for array in [*values, its.y] if array.size)
        np.testing.assert_array_equal(its.y, part.y)
        np.testing.assert_array_equal(its.x @ np.eye(3), part.x @ np.eye(3))
