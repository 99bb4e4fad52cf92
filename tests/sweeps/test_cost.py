import pytest

from optlab.sweeps import cost, plan
from optlab.sweeps.cost import MODEL, Estimate, Work, estimate, stack_bytes
from optlab.sweeps.plan import Limits

WORK = Work(frozenset({"gradient"}), 100, 50, 50, 11.0, 10, 10.0, 1, 1, 1.0, False, 8)


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({}, Estimate(1.0323375e-06, 1632, 256, 3)),
        ({"optimizer": {"name": "newton"}}, Estimate(0.0001707273, 1776, 8, 3)),
        ({"optimizer": {"name": "newton_cg"}}, Estimate(1.012781954887218e-05, 1632, 133, 3)),
        (
            {"model": {"name": "mlp", "hidden": [300]}, "training__batch_size": 16, "dtype": "float32"},
            Estimate(0.00021543389999999998, 77968, 32, 9),
        ),
    ],
)
def test_estimates_stay_for_they_decide_the_plan_and_so_the_last_bits(config, changes, expected):
    assert estimate(config(**changes)) == pytest.approx(expected, rel=1e-12)


def test_a_network_costs_by_its_batch_and_a_line_search_by_its_trials():
    seconds = MODEL.estimate(WORK).seconds
    assert MODEL.estimate(WORK._replace(batch=10)).seconds < seconds
    assert MODEL.estimate(WORK._replace(asks=frozenset({"gradient", "value"}))).seconds > 2 * seconds


def test_short_steps_share_a_stack_with_more_runs_than_long_ones():
    sizes = [MODEL.estimate(WORK._replace(products=10.0**e)).efficient for e in range(1, 8)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == MODEL.max_efficient and sizes[-1] == MODEL.min_efficient
    assert set(sizes) & set(range(MODEL.min_efficient + 1, MODEL.min_efficient_of_short_steps)) == set()


def test_the_pairs_that_lbfgs_keeps_count_as_memory(config):
    few, many = (config(optimizer={"name": "lbfgs", "history": pairs}) for pairs in (10, 110))
    more = estimate(many).memory - estimate(few).memory
    assert more == 2 * 100 * 3 * 8  # P = 3, float64
    runs = plan.runs([(few, ()), (many, ())])
    stacks = plan.stacks(runs, Limits(max_memory=1.5 * estimate(many).memory))
    assert [len(stack.runs) for stack in stacks] == [1, 1]
    assert cost.costliest(runs) == estimate(many)


def test_the_matrices_of_layers_count_as_memory(config):
    wide, lamb = (config(model={"name": "softmax"}, optimizer={"name": name}) for name in ("soap", "lamb"))
    assert estimate(wide).memory - estimate(lamb).memory == 4 * (2**2 + 2**2 + 2**2) * 8  # W 2 x 2, b 2


def test_a_hessian_and_a_table_of_slopes_count_as_memory():
    plain = MODEL.estimate(WORK).memory
    assert MODEL.estimate(WORK._replace(has_matrices=True)).memory == plain + 2 * 8 * 10**2
    assert MODEL.estimate(WORK._replace(asks=frozenset({"sample_slopes"}))).memory == plain + 8 * 50


def test_a_stack_takes_its_runs_and_its_data(config):
    runs = plan.runs([(config(seed=seed), ()) for seed in range(3)])
    data = stack_bytes(runs) - 3 * estimate(config()).memory
    assert data == 2 * 8 * 2 * 36  # two features of 36 rows in training
