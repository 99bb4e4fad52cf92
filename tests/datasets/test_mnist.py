import gzip

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.datasets import load
from optlab.datasets.mnist import FASHION_MNIST, MNIST

OPTIONS = {"standardize": False, "validation_fraction": 0}

COUNTS = {
    "mnist": (
        [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
        [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
    ),
    "fashion_mnist": ([6000] * 10, [1000] * 10),
}
FILES = {"mnist": MNIST, "fashion_mnist": FASHION_MNIST}


@pytest.mark.parametrize("name", COUNTS)
def test_published_shapes_class_counts_and_pixels(real_file, name):
    for file in FILES[name]:
        images = gzip.decompress(real_file(file.path).read_bytes())
        if "t10k-images" in file.path:
            pixels = np.frombuffer(images, np.uint8, offset=16).reshape(10_000, 784)
    loaded = load({"name": name, **OPTIONS}, "float32")
    assert loaded.train.x.shape == (60_000, 784) and loaded.test.x.shape == (10_000, 784)
    assert loaded.train.x.dtype == np.float32
    assert loaded.shape == (28, 28) and loaded.n_classes == 10
    assert (np.bincount(loaded.train.y).tolist(), np.bincount(loaded.test.y).tolist()) == COUNTS[name]
    np.testing.assert_array_equal(loaded.test.x, pixels / np.float32(255))


def test_the_checksum_does_not_depend_on_dtype_rows_or_scaling(real_file):
    for file in MNIST:
        real_file(file.path)
    base = load({"name": "mnist", **OPTIONS, "max_rows": 100}, "float32").sha256
    assert load({"name": "mnist", "max_rows": 200}, "float64").sha256 == base


def test_the_sizes_of_the_downloads_are_those_of_the_files(real_file):
    for file in (*MNIST, *FASHION_MNIST):
        assert real_file(file.path).stat().st_size == file.size


def test_no_network_and_no_file_names_the_first_file():
    with pytest.raises(UserError, match=r"mnist/train-images-idx3-ubyte\.gz is not on this machine"):
        load({"name": "mnist"}, "float32")
