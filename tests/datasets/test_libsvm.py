"""Sparse data sets: the published ones, and files of the user's."""

import bz2
import gzip

import numpy as np
import pytest
from scipy.sparse import csr_array

from optlab.core.errors import UserError
from optlab.datasets import REGISTRY, load

ALL_ROWS = {"standardize": False, "validation_fraction": 0}
PUBLISHED = {  # rows, features and non-zeros of the training file, test rows, class counts
    "a9a": (32561, 123, 451592, 16281, [24720, 7841]),
    "w8a": (49749, 300, 579586, 0, [48270, 1479]),
    "ijcnn1": (49990, 22, 649870, 91701, [45137, 4853]),
    "mushrooms": (8124, 112, 170604, 0, [3916, 4208]),
    "phishing": (11055, 68, 331650, 0, [4898, 6157]),
    "reuters": (7770, 8315, 339837, 3299, [7232, 538]),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_sizes_and_class_counts(real_file, name):
    about = REGISTRY.entry(name).about
    for file in about.files:
        real_file(file.path)
    rows, features, non_zeros, test_rows, counts = PUBLISHED[name]
    loaded = load({"name": name, **ALL_ROWS, **({} if test_rows else {"test_fraction": 0})}, "float32")
    assert isinstance(loaded.train.x, csr_array) and loaded.train.x.dtype == np.float32
    assert loaded.train.x.shape == (rows, features) and loaded.train.x.nnz == non_zeros
    assert loaded.test.x.shape == (test_rows, features)
    assert np.bincount(loaded.train.y).tolist() == counts
    assert (about.rows, about.features, about.classes) == (rows + test_rows, features, 2)


def text(labels: str = "1 -1 1 -1 1 -1") -> bytes:
    """A sample for each label."""
    return "".join(f"{label} {i + 1}:{i + 2} 9:1\n" for i, label in enumerate(labels.split())).encode()


@pytest.fixture
def file(tmp_path):
    """A function: the path of a file with these bytes."""

    def write(data: bytes, name: str = "a.txt") -> str:
        (tmp_path / name).write_bytes(data)
        return str(tmp_path / name)

    return write


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_files_may_be_compressed(file, pack):
    loaded = load({"name": "libsvm", "path": file(pack(text())), **ALL_ROWS, "test_fraction": 0})
    assert loaded.train.x.shape == (6, 9)
    assert loaded.train.x.toarray()[1].tolist() == [0, 3, 0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    "labels, classes, y",
    [
        ("+1 -1 1 -1", ("-1", "1"), [1, 0, 1, 0]),
        ("0 1 1 0", ("0", "1"), [0, 1, 1, 0]),
        ("1 2 1 2", ("1", "2"), [0, 1, 0, 1]),
        ("7 3 0.5 3", ("0.5", "3", "7"), [2, 1, 0, 1]),
    ],
)
def test_labels_of_any_kind_are_classes_in_their_order(file, labels, classes, y):
    loaded = load({"name": "libsvm", "path": file(text(labels)), **ALL_ROWS, "test_fraction": 0})
    assert (loaded.classes, loaded.train.y.tolist()) == (classes, y)


def test_a_test_file_is_the_test_set_and_both_files_tell_the_number_of_features(file):
    test = file(b"-1 12:1\n1 1:1\n", "b.txt")
    loaded = load({"name": "libsvm", "path": file(text()), "test_path": test, **ALL_ROWS})
    assert loaded.train.x.shape == (6, 12) and loaded.test.x.shape == (2, 12)
    assert loaded.test.y.tolist() == [0, 1]


def test_a_file_may_have_more_features_than_occur(file):
    options = {"name": "libsvm", "path": file(text()), **ALL_ROWS, "test_fraction": 0}
    assert load({**options, "n_features": 20}).train.x.shape == (6, 20)
    with pytest.raises(UserError, match=r"dataset\.n_features=8: .*a\.txt has index 9; set 9 or more"):
        load({**options, "n_features": 8})
    with pytest.raises(UserError, match=r"dataset\.n_features=2000000000: must be a whole number in \[1, "):
        load({**options, "n_features": 2_000_000_000})


def test_mistakes_name_the_file(file, tmp_path):
    train, test = file(text()), file(b"1 1:1\n5 1:1\n", "b.txt")
    with pytest.raises(UserError, match=r"b\.txt, line 2: no training sample has the label 5"):
        load({"name": "libsvm", "path": train, "test_path": test})
    with pytest.raises(UserError, match=r"dataset\.test_path=.*nowhere\.txt: cannot be read"):
        load({"name": "libsvm", "path": train, "test_path": str(tmp_path / "nowhere.txt")})
    with pytest.raises(UserError, match=r"c\.txt: one class only \('1'\); add samples"):
        load({"name": "libsvm", "path": file(b"1 1:1\n1 2:1\n", "c.txt")})


def test_where_each_class_first_stands_is_known(file):
    path = file(b"\n" + text("2 1 2 3 3 1"))
    loaded = load({"name": "libsvm", "path": path, **ALL_ROWS, "test_fraction": 0})
    assert loaded.places == (f"{path}, line 3", f"{path}, line 2", f"{path}, line 5")


def test_rows_of_a_split_are_those_of_the_file(file):
    path = file("".join(f"{i % 2} {1 + i % 3}:{i}\n" for i in range(40)).encode())
    whole = load({"name": "libsvm", "path": path, **ALL_ROWS, "test_fraction": 0})
    parts = load({"name": "libsvm", "path": path, "standardize": False, "max_rows": 30})
    rows = {row.tobytes() for row in whole.train.x.toarray()}
    found = [part.x.toarray() for part in (parts.train, parts.validation, parts.test)]
    assert [len(part) for part in found] == [18, 6, 6]
    assert len({row.tobytes() for part in found for row in part} & rows) == 30
    assert parts.sha256 == whole.sha256
    other = load({"name": "libsvm", "path": file(text("1 -1 1 -1 1 1")), **ALL_ROWS, "test_fraction": 0})
    assert other.sha256 != whole.sha256
