"""The batches of a stack: which samples a step sees."""

import numpy as np
import pytest

from optlab.training.batches import Batches, sample_indices
from optlab.training.settings import Training


@pytest.mark.parametrize("sampling, seen", [("reshuffled", {1}), ("independent", {0, 1, 2, 3})])
def test_batches_are_pieces_of_a_permutation_or_independent_draws_of_different_samples(sampling, seen):
    batches = sample_indices(20, Training(batch_size=5, sampling=sampling), seed=1)
    epoch = [next(batches) for _ in range(4)]
    assert [len(set(batch)) for batch in epoch] == [5, 5, 5, 5]
    times = {np.concatenate(epoch).tolist().count(i) for i in range(20)}
    assert times <= seen and (len(times) > 1) == (sampling == "independent")


@pytest.mark.parametrize("sampling", ["fixed", "shuffled_once"])
def test_a_fixed_order_is_that_of_the_data_or_of_the_seed_in_every_epoch(sampling):
    def epochs(seed):
        indices = sample_indices(10, Training(batch_size=4, sampling=sampling), seed)
        return [np.concatenate([next(indices) for _ in range(3)]).tolist() for _ in range(3)]

    first, *others = epochs(1)
    assert others == [first, first] and sorted(first) == list(range(10))
    assert (first == list(range(10))) == (sampling == "fixed") == (first == epochs(2)[0])


@pytest.mark.parametrize("batch_size", [None, 20, 30])
def test_on_the_full_batch_every_step_sees_all_samples_in_order(batch_size):
    indices = sample_indices(20, Training(batch_size=batch_size), seed=1)
    assert [next(indices) for _ in range(3)] == [slice(None)] * 3


def test_an_epoch_ends_with_a_smaller_batch_and_the_next_has_another_order():
    indices = sample_indices(10, Training(batch_size=4), seed=1)
    first, second = ([next(indices) for _ in range(3)] for _ in range(2))
    assert [len(batch) for batch in first] == [4, 4, 2]
    assert np.concatenate(first).tolist() != np.concatenate(second).tolist()


def test_batches_follow_from_the_seed():
    one, again, other = (next(sample_indices(100, Training(batch_size=8), seed)) for seed in (3, 3, 4))
    assert one.tolist() == again.tolist() != other.tolist()


@pytest.mark.parametrize(
    ("batch_size", "dropout", "same"),
    [(None, False, True), (50, False, True), (49, False, False), (None, True, False)],
)
def test_steps_are_taken_on_the_recorded_cost_on_the_full_batch_without_dropout(batch_size, dropout, same):
    batches = Batches(50, Training(batch_size=batch_size), seed=0, dropout=dropout)
    assert batches.steps_on_recorded_cost == same
