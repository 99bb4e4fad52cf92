import pytest

from optlab.analysis.problem.problems import with_problems
from optlab.analysis.problem.unlike import unlike


@pytest.fixture
def runs(table):
    return table(*((name, 0.1, seed, 1.0) for name in "abc" for seed in range(2)))


def told(runs):
    return [own[1:] for own in unlike(with_problems(runs.assign(data_version="")))]


def test_optimizers_on_one_problem_are_alike(runs):
    assert told(runs) == []


def test_another_penalty_keeps_optimizers_apart(runs, changed):
    found = told(changed(runs, [0, 1], "model", "l2", 0.1))
    assert found == [(("a",), "l2=0.1", True), (("b", "c"), "l2=0.0", True)]


def test_a_problem_more_keeps_nobody_apart(runs, changed):
    assert told(changed(runs, [1, 3], "model", "l2", 0.1)) == []  # c was run on one of two problems only


def test_splits_that_not_all_have_seen_are_named(runs, changed):
    found = told(changed(changed(runs, [1], "dataset", "split_seed", 1), [3, 5], "dataset", "split_seed", 2))
    assert found == [(("a",), "split_seed=0 or 1", False), (("b", "c"), "split_seed=0 or 2", False)]
