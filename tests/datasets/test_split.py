import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from optlab.core.errors import UserError
from optlab.datasets.split import stratified


def split(y, totals, seed=0):
    classes = tuple(str(label) for label in range(y.max() + 1))
    return stratified(y, totals, np.random.default_rng(seed), classes)


def labels(n: int, shares: list[float], seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).choice(len(shares), n, p=shares)


@pytest.mark.parametrize("shares", [[0.5, 0.5], [0.65, 0.35], [0.9, 0.07, 0.03], [0.1] * 10])
@pytest.mark.parametrize("total", [100, 137, 400])
def test_class_counts_are_those_of_sklearn_up_to_one_row(shares, total):
    y = labels(1000, shares)
    part, _ = split(y, [total])
    _, theirs = train_test_split(y, test_size=total, stratify=y, random_state=0)
    assert len(part) == total
    assert np.abs(np.bincount(y[part]) - np.bincount(theirs)).max() <= 1


def test_parts_are_disjoint_complete_and_in_order():
    y = labels(501, [0.7, 0.3])
    parts = split(y, [100, 77])
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(501))
    assert [len(part) for part in parts] == [100, 77, 324]
    assert all((np.diff(part) > 0).all() for part in parts)


def test_no_parts_asked_for_leaves_all_rows_as_they_are():
    y = labels(50, [0.5, 0.5])
    empty, also_empty, rest = split(y, [0, 0])
    assert len(empty) == len(also_empty) == 0
    np.testing.assert_array_equal(rest, np.arange(50))


def test_the_seed_decides():
    y = labels(300, [0.5, 0.5])
    np.testing.assert_array_equal(split(y, [60], seed=3)[0], split(y, [60], seed=3)[0])
    assert not np.array_equal(split(y, [60], seed=3)[0], split(y, [60], seed=4)[0])


def test_every_class_is_in_every_part_however_rare():
    y = np.array([0] * 500 + [1] * 3)
    assert all(np.bincount(y[part], minlength=2).min() >= 1 for part in split(y, [100, 100]))


@pytest.mark.parametrize("totals", [[1, 1], [498, 3], [250, 251]])
def test_no_part_takes_the_last_row_of_a_class_from_training(totals):
    y = np.array([0] * 500 + [1] * 3)
    assert np.bincount(y[split(y, totals)[-1]], minlength=2).min() >= 1


def test_a_class_too_small_for_all_parts_is_named():
    y = np.array([0] * 50 + [1] * 2)
    with pytest.raises(UserError, match=r"class '1' has 2 row\(s\), too few for .* 3 parts"):
        split(y, [10, 10])
    assert len(split(y, [10])) == 2
