import pytest

from optlab.runs.seeds import draws_nothing, idle_seeds


@pytest.fixture
def full(config):
    """The canonical configuration of a run on the full batch, from zero, with a seed."""
    return lambda seed, **changes: config(seed=seed, training__batch_size=None, **changes)


def test_seeds_that_decide_nothing_are_named_once_for_all_settings(full):
    said = idle_seeds([full(seed, optimizer__lr=lr) for seed in (0, 1, 2) for lr in (0.1, 1.0)])
    assert "nothing in 6 runs, which repeat 2 settings" in said and "dataset.split_seed=${seed}" in said


def test_seeds_that_draw_the_split_the_batches_or_the_start_are_not_idle(full, config):
    assert not idle_seeds(full(seed, dataset__split_seed=seed) for seed in (0, 1))
    assert not idle_seeds(config(seed=seed, training__batch_size=20) for seed in (0, 1))
    assert not idle_seeds(full(seed, model__init="normal") for seed in (0, 1))
    assert not idle_seeds([full(0)])


def test_a_configuration_that_cannot_be_read_draws():
    assert not draws_nothing({"model": "mlp"})
