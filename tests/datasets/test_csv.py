import gzip

import numpy as np
import pandas as pd
import pytest

from optlab.core.errors import UserError
from optlab.datasets import load
from optlab.datasets.csv import csv

ROWS = "a,b,class\n1,10,x\n2,20,y\n3,30,x\n4,40,y\n"


@pytest.fixture
def write(tmp_path):
    """A function: text -> path of a file that holds it."""

    def write(text: str | bytes, name: str = "t.csv") -> str:
        (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
        return str(tmp_path / name)

    return write


def test_the_last_column_holds_the_classes_by_default(write):
    raw = csv(path=write(ROWS))
    np.testing.assert_array_equal(raw.x, [[1, 10], [2, 20], [3, 30], [4, 40]])
    np.testing.assert_array_equal(raw.y, [0, 1, 0, 1])
    assert (raw.features, raw.classes) == (("a", "b"), ("x", "y"))


@pytest.mark.parametrize("target", ["class", 0, -3])
def test_the_target_is_named_or_counted_from_either_end(write, target):
    raw = csv(path=write("class,a,b\n7,1,10\n5,2,20\n"), target=target)
    assert raw.features == ("a", "b")
    assert raw.classes == ("5", "7")
    np.testing.assert_array_equal(raw.y, [1, 0])


def test_classes_that_are_numbers_are_ordered_as_numbers(write):
    raw = csv(path=write("1,10\n2,9\n3,-1\n4,10.0\n"))
    assert raw.classes == ("-1", "9", "10")  # 10.0 and 10 are one class
    np.testing.assert_array_equal(raw.y, [2, 1, 0, 2])


def test_columns_of_texts_become_zeros_and_ones(write):
    raw = csv(path=write("red,1,x\nblue,2,y\nred,3,x\n"))
    assert raw.features == ("x1=blue", "x1=red", "x2")
    np.testing.assert_array_equal(raw.x, [[0, 1, 1], [1, 0, 2], [0, 1, 3]])


def test_columns_can_be_declared_categorical_or_ignored(write):
    raw = csv(path=write(ROWS), categorical=("a",), ignore=(1,))
    assert raw.features == ("a=1", "a=2", "a=3", "a=4")
    np.testing.assert_array_equal(raw.x, np.eye(4))


def test_the_same_table_as_pandas_with_get_dummies(real_file):
    path = real_file("uci/german.csv")
    raw = csv(path=str(path))
    frame = pd.read_csv(path, header=None)
    frame.columns = [f"x{number}" for number in range(1, 22)]
    expected = pd.get_dummies(frame.drop(columns="x21"), prefix_sep="=", dtype=float)
    assert sorted(raw.features) == sorted(expected.columns)
    np.testing.assert_array_equal(raw.x, expected[list(raw.features)].to_numpy(float))
    assert np.bincount(raw.y).tolist() == [700, 300]


@pytest.mark.parametrize(
    "name, shape, classes",
    [
        ("uci/ionosphere.csv", (351, 34), {"b": 126, "g": 225}),
        ("uci/sonar.csv", (208, 60), {"M": 111, "R": 97}),
        ("uci/banknote_authentication.csv", (1372, 4), {"0": 762, "1": 610}),
        ("diabetes.csv", (768, 8), {"0": 500, "1": 268}),
        ("pima-indians-diabetes.csv", (768, 8), {"0": 500, "1": 268}),
    ],
)
def test_published_tables_have_their_published_size_and_class_counts(real_file, name, shape, classes):
    raw = csv(path=str(real_file(name)))
    assert raw.x.shape == shape
    assert dict(zip(raw.classes, np.bincount(raw.y).tolist(), strict=True)) == classes


def test_compressed_tables_are_read(write):
    assert csv(path=write(gzip.compress(ROWS.encode()), "t.csv.gz")).x.shape == (4, 2)


HOLES = "a,b,class\n1,,x\n2,20,y\n?,30,x\n4,40,y\n"


def test_missing_values_are_refused_by_default_with_their_place(write):
    with pytest.raises(UserError, match=r"t\.csv, line 2, column 2 \('b'\): empty cell; .*missing=mean"):
        csv(path=write(HOLES))
    with pytest.raises(UserError, match=r"line 4, column 1 \('a'\): missing value '\?'"):
        csv(path=write(HOLES.replace("1,,", "1,5,")))


def test_rows_with_missing_values_can_be_left_out(write):
    raw = csv(path=write(HOLES + "5,50,x\n"), missing="drop")
    np.testing.assert_array_equal(raw.x, [[2, 20], [4, 40], [5, 50]])
    np.testing.assert_array_equal(raw.y, [1, 1, 0])


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_missing_values_can_be_filled_in(write, statistic):
    raw = csv(path=write(HOLES), missing=statistic)
    np.testing.assert_array_equal(raw.x, [[1, np.nan], [2, 20], [np.nan, 30], [4, 40]])
    options = {"standardize": False, "validation_fraction": 0, "test_fraction": 0}
    loaded = load({"name": "csv", "path": write(HOLES), "missing": statistic, **options}, "float64")
    a, b = getattr(np, statistic)([1, 2, 4]), getattr(np, statistic)([20, 30, 40])
    np.testing.assert_allclose(loaded.train.x, [[1, b], [2, 20], [a, 30], [4, 40]])


def test_a_missing_text_is_filled_with_the_shares_of_the_texts(write):
    path = write("c,class\nred,x\nred,y\n,x\nblue,y\n")
    options = {"standardize": False, "validation_fraction": 0, "test_fraction": 0}
    loaded = load({"name": "csv", "path": path, "missing": "mean", **options}, "float64")
    np.testing.assert_allclose(loaded.train.x[2], [1 / 3, 2 / 3])


def test_what_counts_as_missing_is_an_option(write):
    path = write("1,x\n-999,y\n3,y\nNone,x\n")
    np.testing.assert_array_equal(csv(path=path, missing="drop", missing_values=(-999, "none")).x, [[1], [3]])


def test_a_row_without_a_class_can_only_be_left_out(write):
    path = write("1,x\n2,\n3,y\n")
    with pytest.raises(UserError, match=r"line 2, column 2 \('x2'\): empty cell; .*missing=drop"):
        csv(path=path, missing="mean")
    assert len(csv(path=path, missing="drop").y) == 2


@pytest.mark.parametrize(
    "text, options, words",
    [
        ("1,x\n2,y\noops,x\n4,y\n", {}, "t.csv, line 3, column 1 ('x1'): text 'oops' in a column of numbers"),
        ("a,c\n1,x\n2,y\n3 4,x\n4,y\n", {}, "t.csv, line 4, column 1 ('a'): text '3 4' in a column"),
        ("1,x\ninf,y\n3,x\n", {}, "t.csv, line 2, column 1 ('x1'): inf is not a finite number"),
        ("1,x\nnan,y\n3,x\n", {}, "t.csv, line 2, column 1 ('x1'): missing value 'nan'"),
        ("1,x\nnan,y\n3,x\n", {"missing_values": ()}, "line 2, column 1 ('x1'): nan is not a finite number"),
        ("1,1\n2,inf\n3,1\n", {}, "line 2, column 2 ('x2'): inf is not a class"),
        ("1,x\n2,x\n", {}, "t.csv: one class only ('x') in column 2 ('x2')"),
        ("1,x\n2,y\n", {"target": "kind"}, "dataset.target=kind: "),
        ("1,x\n2,y\n", {"target": 2}, "dataset.target=2: "),
        ("1,x\n2,y\n", {"ignore": (5,)}, "dataset.ignore=5: "),
        ("x\ny\nx\n", {}, "no column is left besides the target"),
        ("1,,x\n2,,y\n", {"missing": "mean"}, "column 'x2' has no value at all"),
        ("1,,x\n2,,y\n", {"missing": "drop"}, "every row has a missing value"),
        ("1,x\n,\n", {"missing": "drop"}, "one class only"),
        ("".join(f"id{k},{k % 2}\n" for k in range(30)), {}, "column 'x1' holds 30 different texts"),
    ],
)
def test_bad_tables_are_refused_in_one_line(write, text, options, words):
    with pytest.raises(UserError) as refusal:
        csv(path=write(text), **options)
    assert words in str(refusal.value)
    assert ";" in str(refusal.value), "no remedy"


def test_the_path_must_be_given():
    with pytest.raises(UserError, match=r"dataset\.path is missing: set dataset\.path=VALUE"):
        load({"name": "csv"}, "float64")


@pytest.mark.parametrize(
    "text", ["1,10,0\n2,20,1\n", "a,b,c\r\n1,10,0\r\n\r\n2,20,1", '"a","b","c"\n 1,"10",0\n2,2e1,1\n']
)
def test_a_table_of_numbers_is_read_the_same_on_the_quick_way(write, text):
    quick = csv(path=write(text))
    slow = csv(path=write(text), missing_values=("-999",))
    np.testing.assert_array_equal(quick.x, slow.x)
    np.testing.assert_array_equal(quick.y, slow.y)
    assert (quick.features, quick.classes) == (slow.features, slow.classes)
