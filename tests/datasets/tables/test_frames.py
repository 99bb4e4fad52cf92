import numpy as np
import pandas as pd
import pytest

from optlab.core.errors import UserError
from optlab.datasets import load
from optlab.datasets.csv import csv
from optlab.datasets.tables.frames import stored

X = np.array([[0, 1.5], [1, 1 / 3], [2, 1e-300], [3, -7.0]])
ALL_ROWS = {"standardize": False, "validation_fraction": 0, "test_fraction": 0}


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setattr("pooch.os_cache", lambda project: tmp_path / "cache" / project)


@pytest.mark.parametrize(
    "y", [[0, 1, 1, 0], ["no", "yes", "yes", "no"], np.array([False, True, True, False])]
)
def test_features_and_classes_are_read_as_they_are(y):
    loaded = load({"name": "csv", "path": str(stored((X, y))), **ALL_ROWS})
    np.testing.assert_array_equal(loaded.train.x, X)
    assert loaded.train.y.tolist() == [0, 1, 1, 0]


def test_a_frame_is_read_as_its_file_would_be(tmp_path):
    frame = pd.DataFrame(
        {"size": X[:, 1], "colour": ["red", "blue"] * 2, "label": list("abab")}, index=[4, 2, 9, 7]
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    one, other = csv(path=str(stored(frame))), csv(path=str(tmp_path / "t.csv"))
    np.testing.assert_array_equal(one.x, other.x)
    assert (one.features, one.classes) == (other.features, other.classes)


def test_the_same_content_is_the_same_file():
    assert stored((X, [0, 1, 0, 1])) == stored((X.copy(), [0, 1, 0, 1]))
    assert stored((X, [0, 1, 0, 1])) != stored((X, [0, 1, 1, 1]))


@pytest.mark.parametrize(
    "data, words",
    [
        (X, "a ndarray; give a DataFrame, or (X, y)"),
        ("table.csv", "a str; give a DataFrame"),
        ((X, [0, 1]), "y has shape (2,); give a class for each of the 4 rows"),
        ((X, X), "y has shape (4, 2)"),
        ((X[0], [0, 1]), "X is 1-dimensional"),
        ((np.array([["a"]]), [0]), "give (n, d) numbers"),
        ((pd.DataFrame({"y": [1.0]}), [0]), "X has a column 'y'"),
        (pd.DataFrame({"a": [1, "x"], "b": [0, 1]}), "cannot be stored"),
    ],
)
def test_other_data_are_refused_in_one_line(data, words):
    with pytest.raises(UserError) as refusal:
        stored(data)
    assert words in str(refusal.value)
    assert ";" in str(refusal.value) and "\n" not in str(refusal.value)
