import numpy as np
import pytest

from optlab.analysis.comparison.layout import layout
from optlab.analysis.problem.problems import with_problems


def rows(costs):
    return [(name, 1.0, seed, cost) for name, of_seeds in costs.items() for seed, cost in of_seeds.items()]


@pytest.fixture
def laid_out(table):
    """The layout of costs by method and seed."""

    def made(costs, metric="final_train_cost", **columns):
        return layout(with_problems(table(*rows(costs))).assign(**columns), metric)

    return made


def test_costs_are_compared_by_their_logarithms(laid_out):
    found = laid_out({"a": {0: 1.0, 1: 2.0, 2: 3.0}, "b": {0: 2.0, 1: 4.0, 2: None}})
    assert (found.names, found.scale, found.quantity) == (["a", "b"], "ratio", "final_train_cost")
    np.testing.assert_allclose(found.values, [[0, np.log(2)], [np.log(2), np.log(4)], [np.log(3), np.inf]])
    assert found.random.all() and found.excluded == {}


def test_where_the_minimum_is_known_gaps_are_compared(laid_out):
    gaps = [1e-3, 1e-4, 1e-5, 1e-12, 1e-12, 1e-12]
    found = laid_out(
        {"a": {0: 1.0, 1: 1.0, 2: 1.0}, "b": {0: 1.0, 1: 1.0, 2: 1.0}},
        final_gap=gaps, optimum=1.0, optimum_gap=1e-16, least_gap=1e-12,
    )  # fmt: skip
    assert found.quantity == "final_gap"
    np.testing.assert_allclose(np.exp(found.values[:, 0]), gaps[:3])
    assert found.at_rounding.tolist() == [False, True]  # 1e-12 of the cost cannot be told from rounding
    assert found.random.tolist() == [True, False]


def test_accuracies_are_compared_as_they_are_the_lower_the_better(laid_out):
    found = laid_out({"a": {0: 0.1, 1: 0.2, 2: None}}, "final_train_accuracy")
    assert (found.scale, found.sign, found.is_share) == ("difference", -1.0, True)
    np.testing.assert_allclose(found.values[:, 0], [-0.9, -0.8, np.inf])


def test_costs_that_may_be_negative_are_compared_as_they_are(laid_out):
    assert laid_out({"a": {0: -0.1, 1: 0.2, 2: 0.3}}).scale == "difference"


def test_a_cost_of_zero_has_a_logarithm(laid_out):
    assert np.isfinite(laid_out({"a": {0: 0.0, 1: 0.2, 2: 0.3}}).values).all()


def test_a_method_with_one_seed_is_excluded(laid_out):
    eight = {seed: 1.0 + seed for seed in range(8)}
    found = laid_out({"a": eight, "b": eight, "few": {0: 0.1}, "half": {s: 2.0 + s for s in range(4)}})
    assert found.names == ["a", "b", "half"] and found.excluded == {"few": 1}
    assert len(found.values) == 4  # the seeds that all three have


def test_two_seeds_are_too_few_for_all(laid_out):
    found = laid_out({"a": {0: 1.0, 1: 2.0}, "b": {0: 2.0, 1: 3.0}})
    assert found.names == [] and found.excluded == {"a": 2, "b": 2}


def test_one_seed_of_a_deterministic_method_stands_for_all(table, changed):
    runs = table(("fixed", 1.0, 0, 0.5), *(("noisy", 1.0, seed, 1.0 + seed) for seed in range(4)))
    runs = changed(changed(runs, [0], "model", "init", "zeros"), range(1, 5), "training", "batch_size", 32)
    runs = changed(runs, range(1, 5), "model", "init", "zeros")
    found = layout(with_problems(runs), "final_train_cost")
    assert found.values[:, found.names.index("fixed")].tolist() == [np.log(0.5)] * 4
    assert found.random[found.names.index("noisy")] and not found.random[found.names.index("fixed")]


def test_values_that_contradict_a_deterministic_configuration_are_random(table, changed):
    runs = table(*(("a", 1.0, seed, 1.0 + seed) for seed in range(3)))
    runs = changed(runs, range(3), "model", "init", "zeros")
    assert layout(with_problems(runs), "final_train_cost").random.all()


def test_equal_accuracies_may_be_chance(laid_out):
    costs = {"a": dict.fromkeys(range(3), 0.5)}
    assert not laid_out(costs).random.any()
    assert laid_out(costs, "final_train_accuracy").random.all()


def test_what_is_equal_is_ordered_by_how_soon_it_was_reached(table):
    runs = table(*(("slow", 1.0, s, 0.5) for s in range(3)), *(("quick", 1.0, s, 0.5) for s in range(3)),
                 epochs=[9.0] * 3 + [2.0] * 3)  # fmt: skip
    assert layout(with_problems(runs), "final_train_cost").names == ["quick", "slow"]


@pytest.mark.parametrize(("gap", "at_rounding"), [(1e-3, False), (1e-12, True)])
def test_a_deterministic_method_is_at_the_rounding_on_all_seeds_or_on_none(table, changed, gap, at_rounding):
    """Its only seed is not among those that the others have in common."""
    runs = table(("fixed", 1.0, 0, 1.0), *(("noisy", 1.0, seed, 1.0) for seed in range(1, 5)))
    runs = changed(
        changed(runs, range(5), "model", "init", "zeros"), range(1, 5), "training", "batch_size", 32
    )
    gaps = [gap, 1e-2, 2e-2, 3e-2, 4e-2]
    known = with_problems(runs).assign(final_gap=gaps, optimum=1.0, optimum_gap=1e-16, least_gap=1e-12)
    found = layout(known, "final_train_cost")
    assert dict(zip(found.names, found.at_rounding, strict=True)) == {"fixed": at_rounding, "noisy": False}
