import pytest

from optlab.core.errors import UserError
from optlab.sweeps import cost, plan
from optlab.sweeps.plan import Limits


def runs(configs):
    return plan.runs([(config, ()) for config in configs])


def ids(stacks):
    return [(stack.stack_id, [run.run_id for run in stack.runs]) for stack in stacks]


def test_a_third_class_in_the_data_of_a_binary_model_is_shown_in_its_file(config, tmp_path):
    file = tmp_path / "three.txt"
    file.write_text("1 1:1\n2 2:1\n" * 3 + "3 1:1\n" * 3)
    with pytest.raises(UserError, match=rf"3 classes .*\(class 3 first stands in {file}, line 7\)"):
        runs([config(dataset={"name": "libsvm", "path": str(file)})])


def test_full_batch_runs_that_differ_in_optimizer_penalty_and_seed_share_a_stack(config):
    made = runs(
        [config(), config(optimizer={"name": "sgd", "lr": 1.0}), config(model__l2=0.0), config(seed=3)]
    )
    assert len(plan.stacks(made, Limits())) == 1


def test_runs_with_dropout_share_a_stack_only_with_their_seed(config):
    model = {"name": "mlp", "hidden": [3], "dropout": 0.5}
    made = runs([config(model=model, seed=s, optimizer__lr=r) for s in (0, 1) for r in (0.1, 1.0)])
    seeds = [[run.config["seed"] for run in stack.runs] for stack in plan.stacks(made, Limits())]
    assert sorted(seeds) == [[0, 0], [1, 1]]


def test_mini_batch_runs_share_a_stack_only_with_their_seed(config):
    made = runs(
        [config(training__batch_size=16, seed=s, optimizer__lr=r) for s in (0, 1) for r in (0.1, 1.0)]
    )
    assert [len(stack.runs) for stack in plan.stacks(made, Limits())] == [2, 2]


@pytest.mark.parametrize(
    "change",
    [{"dataset__noise": 0.3}, {"model__init": "normal"}, {"training__epochs": 4}, {"dtype": "float32"}],
)
def test_runs_that_differ_in_anything_else_do_not_share_a_stack(config, change):
    assert len(plan.stacks(runs([config(), config(**change)]), Limits())) == 2


def test_the_plan_does_not_depend_on_the_order_of_the_jobs_and_trains_twins_once(config):
    made = runs([config(seed=s, optimizer__lr=r) for s in range(3) for r in (0.1, 0.3, 1.0)])
    assert ids(plan.stacks(made, Limits(4))) == ids(plan.stacks([*reversed(made), made[0]], Limits(4)))


def test_stacks_are_cut_evenly_at_the_limit(config):
    made = runs([config(seed=s) for s in range(10)])
    assert [len(stack.runs) for stack in plan.stacks(made, Limits(max_stack=4))] == [4, 3, 3]
    assert {len(stack.runs) for stack in plan.stacks(made, Limits(max_stack=1))} == {1}


def test_memory_cuts_stacks_too(config):
    made = runs([config(seed=s) for s in range(4)])
    one = cost.estimate(made[0].config).memory
    assert [len(stack.runs) for stack in plan.stacks(made, Limits(max_memory=1.5 * one))] == [1, 1, 1, 1]


def test_a_memory_limit_below_one_run_is_refused(config):
    with pytest.raises(UserError, match=r"max_memory=1: one run of adam on moons takes about .*; set hydra"):
        plan.stacks(runs([config()]), Limits(max_memory=1))


def test_long_sweeps_are_cut_for_many_workers_and_the_longest_stacks_come_first(config):
    made = runs(
        [config(seed=s, optimizer__lr=r, training__epochs=10**6) for s in range(20) for r in (0.1, 0.2)]
        + [config(seed=s, training__epochs=10**5) for s in range(3)]
    )
    sizes = [len(stack.runs) for stack in plan.stacks(made, Limits())]
    assert len(sizes) > 2 and sizes[-1] == 3


def test_an_optimizer_that_looks_elsewhere_has_stacks_of_its_own(config):
    newton = {"name": "newton", "lr": 1.0}
    made = runs([config(), config(optimizer={"name": "sgd", "lr": 1.0}), config(optimizer=newton)])
    assert sorted(len(stack.runs) for stack in plan.stacks(made, Limits())) == [1, 2]


def test_halves_hold_all_runs_of_a_stack(config):
    (stack,) = plan.stacks(runs([config(seed=s) for s in range(5)]), Limits())
    one, other = plan.split_stack(stack)
    assert one.runs + other.runs == stack.runs and len({stack.stack_id, one.stack_id, other.stack_id}) == 3


def test_a_binary_model_on_ten_classes_is_refused_before_training(config):
    with pytest.raises(UserError, match=r"10 classes.*model=softmax"):
        runs([config(), config(dataset={"name": "digits"})])


def test_data_and_networks_too_large_for_memory_are_refused(config):
    with pytest.raises(
        UserError, match=r"dataset.n_samples=1\d*, 2 features: takes .* GB of memory, .*; draw fewer"
    ):
        runs([config(dataset={"name": "blobs", "n_samples": 10**15})])
    with pytest.raises(
        UserError, match=r"model.hidden=\[1000000, 1000000\]: .* parameters, more than .*; use smaller"
    ):
        runs([config(model={"name": "mlp", "hidden": [10**6, 10**6]})])
