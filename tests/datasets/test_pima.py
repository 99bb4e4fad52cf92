import numpy as np
import pandas as pd
import pytest

from optlab.core.errors import UserError
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


def test_a_copy_of_the_file_may_be_named_with_or_without_a_header(real_file):
    plain, headed = (
        load({"name": "pima", "path": str(real_file(name)), **ALL_ROWS}, "float64")
        for name in ("pima-indians-diabetes.csv", "diabetes.csv")
    )
    np.testing.assert_array_equal(plain.train.x, headed.train.x)
    assert plain.sha256 == headed.sha256


def test_another_table_is_refused(tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("1,2,0\n3,4,1\n")
    with pytest.raises(UserError, match=r"other\.csv: not the Pima table of 9 columns"):
        pima(path=str(other))
