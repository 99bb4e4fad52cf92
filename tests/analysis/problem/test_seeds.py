import pytest

from optlab.analysis.problem.problems import with_problems
from optlab.analysis.problem.seeds import with_roles
from optlab.core.errors import UserError


def rows(costs):
    return [("sgd", lr, seed, cost) for lr, of_seeds in costs.items() for seed, cost in enumerate(of_seeds)]


def test_the_first_half_of_the_seeds_tunes_and_the_second_evaluates(table, judge):
    runs = judge(table(*rows({0.1: [1] * 5, 1.0: [2] * 5}))).runs
    assert sorted(set(runs.loc[runs["tunes"], "seed"])) == [0, 1]
    assert sorted(set(runs.loc[runs["evaluates"], "seed"])) == [2, 3, 4]


@pytest.mark.parametrize("costs", [{0.1: [1] * 3, 1.0: [2] * 3}, {0.1: [1] * 8}])
def test_few_seeds_and_grids_of_one_setting_are_not_divided(table, judge, costs):
    judged = judge(table(*rows(costs)))
    assert not judged.divided.any()
    assert judged.runs[["tunes", "evaluates"]].all(axis=None)


def test_a_setting_is_chosen_on_the_tuning_seeds_alone(table, judge):
    runs = table(*rows({0.1: [1, 1, 9, 9], 1.0: [2, 2, 0, 0]}))
    assert judge(runs).best["lr"].item() == 0.1
    assert judge(runs).chosen["final_train_cost"].tolist() == [9, 9]


def test_an_optimizer_that_has_no_seed_of_one_kind_uses_all(table, judge):
    runs = table(*rows({0.1: [1] * 4, 1.0: [2] * 4}), ("adam", 1.0, 0, 1.0))
    adam = judge(runs).runs.set_index("optimizer").loc["adam"]
    assert adam["tunes"] and adam["evaluates"]


def test_named_seeds_are_used(table, judge):
    runs = with_roles(with_problems(table(*rows({0.1: [1] * 3}))), tuning=[2])
    assert runs["tunes"].tolist() == [False, False, True]
    assert runs["evaluates"].tolist() == [True, True, False]


@pytest.mark.parametrize(("tuning", "evaluation"), [([0], [0, 1]), ([7], None), ([0, 1, 2], None)])
def test_seeds_that_overlap_or_were_not_run_are_refused(table, tuning, evaluation):
    with pytest.raises(UserError, match="seeds="):
        with_roles(with_problems(table(*rows({0.1: [1] * 3}))), tuning, evaluation)
