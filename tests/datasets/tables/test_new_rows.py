"""New cells are read by the decisions of the training table."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.datasets.tables.new_rows import Recipe, features_of


def read(recipe, cells):
    return features_of([recipe], {recipe.column: cells}, "new.csv")


def test_numbers_have_the_notation_of_the_training_table():
    german = Recipe("x", decimal="comma", thousands="point")
    assert read(german, ["1.234", "2,5"]).ravel().tolist() == [1234.0, 2.5]
    assert read(Recipe("x", thousands="comma"), ["1,234"]).item() == 1234.0
    assert read(Recipe("x", affix="%"), ["15%"]).item() == 0.15
    with pytest.raises(UserError, match=r"row 2, column 1 .'x'.: '15' is no number as"):
        read(Recipe("x", affix="%"), ["15%", "15"])


def test_kinds_keep_their_places_whatever_new_rows_hold():
    recipe = Recipe("city", "kinds", ("Bern", "Oslo", "Rome"))
    np.testing.assert_array_equal(read(recipe, ["Rome", "oslo"]), [[0, 0, 1], [0, 1, 0]])
    dropped = recipe._replace(first=1)
    np.testing.assert_array_equal(read(dropped, ["Bern", "Rome"]), [[0, 0], [0, 1]])
    with pytest.raises(UserError, match="'Paris' was not in the training table, which has Bern, Oslo, Rome"):
        read(recipe, ["Paris"])


def test_codes_are_kinds_also_as_numbers():
    np.testing.assert_array_equal(
        read(Recipe("zone", "kinds", ("1", "2")), np.array([2.0, 1.0])), [[0, 1], [1, 0]]
    )


def test_missing_cells_are_nan():
    assert np.isnan(read(Recipe("x"), ["", "NA", "?"])).all()
    assert np.isnan(read(Recipe("city", "kinds", ("a", "b")), ["", "a"])).any(axis=1).tolist() == [
        True,
        False,
    ]


def test_dates_are_days():
    assert read(Recipe("on", "days"), ["1970-01-02", ""]).ravel()[0] == 1.0
    with pytest.raises(UserError, match="write YYYY-MM-DD"):
        read(Recipe("on", "days"), ["01/02/2020"])
