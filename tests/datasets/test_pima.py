import numpy as np
import pandas as pd

from optlab.datasets import load
from optlab.datasets.pima import COLUMNS, ZERO_IS_MISSING, pima

ALL_ROWS = {"standardize": False, "validation_fraction": 0, "test_fraction": 0}


def test_the_published_table_zeros_included(real_file):
    frame = pd.read_csv(real_file("diabetes.csv"))
    real_file("pima-indians-diabetes.csv")
    loaded = load({"name": "pima", **ALL_ROWS}, "float64")
    assert loaded.features == tuple(frame.columns[:-1])
    np.testing.assert_array_equal(loaded.train.x, frame.iloc[:, :-1])
    np.testing.assert_array_equal(loaded.train.y, frame["Outcome"])
    assert np.bincount(loaded.train.y).tolist() == [500, 268]


def test_zeros_can_be_imputed_by_the_median_of_the_other_values(real_file):
    frame = pd.read_csv(real_file("pima-indians-diabetes.csv"), header=None, names=[*COLUMNS, "Outcome"])
    doubtful = list(ZERO_IS_MISSING)
    frame[doubtful] = frame[doubtful].mask(frame[doubtful] == 0)
    expected = frame[list(COLUMNS)].fillna(frame[list(COLUMNS)].median())
    loaded = load({"name": "pima", "impute_zeros": True, **ALL_ROWS}, "float64")
    np.testing.assert_array_equal(loaded.train.x, expected)


def test_pregnancies_may_be_zero(real_file):
    real_file("pima-indians-diabetes.csv")
    assert not np.isnan(pima(impute_zeros=True).x[:, COLUMNS.index("Pregnancies")]).any()
