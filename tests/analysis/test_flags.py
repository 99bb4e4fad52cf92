import pytest

from optlab.analysis.flags import KINDS, flags


def rows(costs, lr=0.1):
    return [(name, lr, seed, cost) for name, of_seeds in costs.items() for seed, cost in enumerate(of_seeds)]


FAIR = {"a": [1.0, 1.1, 1.2, 1.3, 1.4], "b": [2.0, 2.1, 2.3, 2.2, 2.4]}


@pytest.fixture
def raised(judge):
    """The flags of some runs as (kind, optimizers, numbers)."""
    return lambda runs: [(flag.kind, flag.optimizers, flag.numbers) for flag in flags(judge(runs))]


def test_a_fair_comparison_raises_none(table, raised):
    assert raised(table(*rows(FAIR))) == []


def test_a_larger_grid_is_flagged(table, raised):
    runs = table(*rows(FAIR), *rows({"a": [3.0] * 5}, lr=1.0), *rows({"a": [3.0] * 5}, lr=0.01))
    assert raised(runs) == [("unequal grids", ("a",), {"most": 3, "least": 1, "whose": "b"})]


def test_fewer_seeds_are_flagged(table, raised):
    few = FAIR | {"b": FAIR["b"][:1]}
    assert raised(table(*rows(few))) == [("unequal seeds", ("b",), {"least": 1, "most": 5, "common": 5})]


def test_a_deterministic_method_needs_one_seed_only(table, raised, changed):
    runs = table(*rows({"a": [1.0], "b": FAIR["b"]}))
    runs = changed(
        changed(runs, range(6), "model", "init", "zeros"), range(1, 6), "training", "batch_size", 8
    )
    assert raised(runs) == []


def test_seeds_that_repeat_one_run_are_flagged(table, raised, changed):
    runs = changed(table(*rows({"a": [1.0] * 3, "b": FAIR["b"]})), range(3), "model", "init", "zeros")
    assert ("idle seeds", ("a",), {"seeds": 3}) in raised(runs)


def test_a_choice_on_the_seeds_that_judge_it_is_flagged(table, raised):
    two = {name: costs[:3] for name, costs in FAIR.items()}
    runs = table(*rows(two), *rows({name: [9.0] * 3 for name in two}, lr=1.0), *rows(two, lr=0.01))
    assert ("same seeds", (), {"seeds": 3}) in raised(runs)


def test_a_setting_at_the_edge_is_flagged(table, raised):
    runs = table(*rows(FAIR), *rows({name: [9.0] * 5 for name in FAIR}, lr=1.0))
    edge = {"option": "lr", "value": 0.1, "edge": "lowest"}
    assert raised(runs) == [("edge", ("a",), edge), ("edge", ("b",), edge)]


@pytest.mark.parametrize(
    ("seed", "numbers"), [(0, {"tuning": 1, "evaluation": 0}), (4, {"tuning": 0, "evaluation": 1})]
)
def test_a_diverged_run_of_the_chosen_setting_is_flagged(table, raised, seed, numbers):
    costs = [None if place == seed else cost for place, cost in enumerate(FAIR["a"])]
    other = rows({"a": [None] * 5, "b": [9.0] * 5}, lr=1.0)
    found = raised(table(*rows({"a": costs, "b": FAIR["b"]}), *other))
    assert ("diverged", ("a",), numbers) in found


def test_a_better_setting_that_diverged_on_a_tuning_seed_is_flagged(table, raised):
    better = {"a": [0.1, 0.1, 0.1, None, 0.1, 0.1, 0.1, 0.1], "b": [9.0] * 8}
    runs = table(
        *rows({name: [*costs, 1.5, 1.6, 1.7] for name, costs in FAIR.items()}), *rows(better, lr=1.0)
    )
    assert ("passed over", ("a",), {"setting": "lr=1", "diverged": 0.25}) in raised(runs)


def test_runs_that_the_clock_ended_are_flagged(table, raised):
    runs = table(*rows(FAIR), status=["timed_out", *["completed"] * 9])
    assert raised(runs) == [("timed out", ("a",), {"runs": 1, "of": 5})]


def test_runs_that_stood_still_are_flagged(table, raised):
    runs = table(*rows(FAIR), status=["stalled", *["completed"] * 9])
    assert raised(runs) == [("stalled", ("a",), {"runs": 1, "of": 5})]


def test_a_stop_rule_that_ends_a_method_behind_the_first_is_flagged(table, raised, changed):
    runs = table(*rows(FAIR), status="converged", steps=[7] * 5 + [20] * 5)
    by_gradient = changed(runs, range(10), "training", "grad_tolerance", 1e-8)
    assert raised(by_gradient) == []
    by_cost = changed(runs, range(10), "training", "tolerance", 1e-4)
    assert raised(by_cost) == [("stopped", ("b",), {"runs": 5, "steps": 20.0})]


def test_every_kind_has_a_name():
    assert all(find.__doc__ for find in KINDS.values())


def test_a_chosen_setting_that_ends_above_its_start_is_flagged(table, raised):
    runs = table(*rows(FAIR)).assign(status=["worse"] * 5 + ["completed"] * 5)
    assert raised(runs) == [("worse", ("a",), {"runs": 5})]


def test_a_chosen_setting_with_a_clearly_higher_validation_cost_than_another_is_flagged(table, raised):
    lower = {name: [cost - 0.5 for cost in costs] for name, costs in FAIR.items()}
    runs = table(*rows(FAIR, 0.01), *rows(FAIR, 1.0), *rows(lower, 0.1))
    runs = runs.assign(final_validation_cost=[0.14] * 20 + [0.74] * 5 + [0.15] * 5)
    parted = {"setting": "lr=0.01", "cost": 0.14, "chosen_cost": 0.74}
    assert raised(runs) == [("overfitted", ("a",), parted)]
