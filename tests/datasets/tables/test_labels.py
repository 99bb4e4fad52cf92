"""Classes: what is one and what is another."""

import pytest

from optlab.core.errors import UserError
from optlab.datasets.csv import csv


@pytest.mark.parametrize(
    "cells, classes, y",
    [
        (["10", "9", "10.0", "1e1"], ("9", "10"), [1, 0, 1, 1]),
        (["9007199254740993", "9007199254740992"], ("9007199254740992", "9007199254740993"), [1, 0]),
        (["1" * 30 + "1", "1" * 30 + "2"], ("1" * 30 + "1", "1" * 30 + "2"), [0, 1]),
        (["01234", "1234", "01234"], ("01234", "1234"), [0, 1, 0]),
        (["1_0", "10", "1_0"], ("10", "1_0"), [1, 0, 1]),
        (["1.1", "1.25", "1.1"], ("1.1", "1.25"), [0, 1, 0]),
        (["+1", "-1", "1"], ("-1", "1"), [1, 0, 1]),
        (["-0", "0", "1"], ("0", "1"), [0, 0, 1]),
        (["1,0", "0,0", "1"], ("0", "1"), [1, 0, 1]),
        (["1234567", "1234568"], ("1234567", "1234568"), [0, 1]),
        (["Yes", "no", "yes", "No", "Yes"], ("No", "Yes"), [1, 0, 1, 0, 1]),
        (["Y", "n", "y", "N", "Y"], ("N", "Y"), [1, 0, 1, 0, 1]),
        (list("aAbBcCdDeE"), tuple("ABCDEabcde"), [5, 0, 6, 1, 7, 2, 8, 3, 9, 4]),
        (["a ", " a", "b\u00a0"], ("a", "b"), [0, 0, 1]),
        (["<=50K", ">50K", "<=50K"], ("<=50K", ">50K"), [0, 1, 0]),
        (["1", "x", "1"], ("1", "x"), [0, 1, 0]),
    ],
)
def test_only_equal_texts_and_equal_whole_numbers_are_one_class(write, cells, classes, y):
    raw = csv(path=write("\n".join(['"size","kind"', *(f'{k}.5,"{cell}"' for k, cell in enumerate(cells))])))
    assert (raw.classes, raw.y.tolist()) == (classes, y)


@pytest.mark.parametrize(
    "cells, words",
    [
        (["1.5", "1.50", "2"], "'1.50' is the same number as the class '1.5', written in another way"),
        (["0.1", "1e-1", "2"], "'1e-1' is the same number as the class '0.1'"),
        (["Spam", "spam", "ham"], "'Spam' (1 rows) and 'spam' (1) differ in upper and lower case"),
        (["1", "1.0", "1"], "one class only ('1')"),
        (["1", "inf", "2"], "inf is not a class; mend it"),
        (["1", "9" * 5000, "2"], "is not a class; mend it"),
        (["1", "1e999999999", "2"], "1e999999999 is not a class; mend it"),
        (["1", "nan", "2"], "missing value 'nan'"),
        (["1", "", "2"], "empty cell; fill it in, or set dataset.missing=mean, median or drop"),
    ],
)
def test_labels_in_doubt_are_refused(write, cells, words):
    path = write("\n".join(['"size","kind"', *(f'{k}.5,"{cell}"' for k, cell in enumerate(cells))]))
    with pytest.raises(UserError) as refusal:
        csv(path=path)
    assert words in str(refusal.value) and ";" in str(refusal.value)
    assert len(str(refusal.value)) < 400


def test_many_fractions_as_classes_are_told_apart(write):
    cells = "\n".join(f"1,{k / 7}" for k in range(20_000))
    assert len(csv(path=write(f"a,b\n{cells}\n")).classes) == 20_000
