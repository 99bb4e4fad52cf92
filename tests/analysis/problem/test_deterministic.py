import pytest

from optlab.analysis.problem.deterministic import deterministic
from optlab.analysis.problem.problems import with_problems

ROWS = [("a", 1.0, 0, 1.0), ("a", 1.0, 1, 1.0), ("b", 1.0, 0, 1.0), ("b", 1.0, 1, 1.0)]


@pytest.fixture
def runs(table, changed):
    return changed(table(*ROWS), range(4), "model", "init", "zeros")


def test_a_full_batch_from_zero_gives_the_same_run_for_every_seed(runs):
    assert deterministic(with_problems(runs)).all()


@pytest.mark.parametrize(
    ("section", "option", "value"),
    [("model", "init", "glorot"), ("model", "dropout", 0.1), ("training", "batch_size", 32)],
)
def test_what_the_seed_draws_makes_runs_differ(runs, changed, section, option, value):
    found = deterministic(with_problems(changed(runs, range(4), section, option, value)))
    assert not found.any()


def test_batches_in_the_order_of_the_data_leave_nothing_to_the_seed(runs, changed):
    batches = changed(runs, range(4), "training", "batch_size", 32)
    ordered = changed(batches, range(4), "training", "sampling", "fixed")
    assert deterministic(with_problems(ordered)).all()


def test_a_method_that_draws_numbers_makes_runs_differ(runs, changed):
    found = deterministic(with_problems(changed(runs, [2, 3], "optimizer", "name", "sophia")))
    assert found.tolist() == [True, True, False, False]


def test_splits_that_every_method_has_seen_are_repetitions(runs, changed):
    assert not deterministic(with_problems(changed(runs, [1, 3], "dataset", "split_seed", 1))).any()


def test_a_clock_is_not_deterministic(runs):
    timed = runs.assign(status=["timed_out", *["completed"] * 3])
    assert deterministic(with_problems(timed)).tolist() == [False, True, True, True]
