"""Rows become inputs as those of the training part did, also after a way through JSON."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.datasets import load
from optlab.datasets.preparation import Preparation


@pytest.mark.parametrize("standardize", [True, False])
@pytest.mark.parametrize("name", ["breast_cancer", "digits"])
def test_raw_training_rows_become_the_training_inputs_to_the_bit(name, standardize):
    dataset = load({"name": name, "standardize": standardize})
    raw = load({"name": name, "standardize": False}).train.x
    made = dataset.preparation.inputs(dataset.preparation.filled(raw, "rows"))
    np.testing.assert_array_equal(made, dataset.train.x)


def test_pixels_are_divided_where_they_are_not_standardised():
    made = Preparation(("a", "b"), ("0", "1"), divisor=255.0).inputs(np.array([[255, 51]]))
    np.testing.assert_array_equal(made, [[1.0, 0.2]])


def test_json_keeps_every_bit():
    before = load({"name": "digits"}).preparation  # with constant columns, whose scale is infinite
    after = Preparation.from_json(before.to_json())
    assert np.isinf(after.scale).any()
    for name in ("mean", "scale"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
    assert (after.features, after.classes, after.divisor) == (before.features, before.classes, before.divisor)


@pytest.mark.parametrize("text", ["[]", "{}", '{"features": []}', "nothing"])
def test_another_text_is_no_preparation(text):
    with pytest.raises(ValueError):
        Preparation.from_json(text)


def test_missing_values_become_those_of_the_training_part_or_are_refused():
    filled = Preparation(("a", "b"), ("0", "1"), fill=np.array([5.0, 7.0]))
    rows = np.array([[1.0, np.nan], [np.nan, 2.0]])
    np.testing.assert_array_equal(filled.filled(rows, "rows"), [[1.0, 7.0], [5.0, 2.0]])
    with pytest.raises(UserError, match="rows, row 1, column 'b': empty cell"):
        Preparation(("a", "b"), ("0", "1")).filled(rows, "rows")


def test_a_zero_is_missing_where_it_was_in_training():
    made = Preparation(("a", "b"), ("0", "1"), fill=np.array([5.0, 7.0]), zero_is_missing=("a",))
    np.testing.assert_array_equal(made.filled(np.zeros((1, 2)), "rows"), [[5.0, 0.0]])
