"""Comparisons that are unfair, or faked: one sentence of the report tells each of them."""

from dataclasses import replace

import numpy as np
import pytest

import optlab
from optlab.analysis.flags import flags
from optlab.analysis.study import study
from optlab.objective.objective import Objective
from optlab.optimizers import REGISTRY, Rule
from optlab.optimizers.rule import Method
from optlab.optimizers.sgd import sgd
from optlab.report.page.findings import findings
from optlab.report.page.flags import sentences
from optlab.report.page.protocol import protocol
from optlab.runs import build
from optlab.runs.schema import Schema
from optlab.store import write
from optlab.sweeps import plan, train

SEEDS = range(6)


def twin(lr: float = 0.1) -> Rule:
    """Gradient descent under another name."""
    return sgd(lr)


def peeking(lr: float = 0.1) -> Rule:
    """Gradient descent that claims mini-batches, and looks at all data."""
    return Rule(lambda w, o: (), lambda w, state, o: (w - lr * o.full_batch.gradient(w), state))


def greedy(lr: float = 0.1) -> Rule:
    """Ten steps of gradient descent that look like one."""

    def update(w, state, objective):
        for _ in range(10):
            w = w - lr * objective.gradient(w)
        return w, state

    return Rule(lambda w, o: (), update)


def hiding(lr: float = 0.1) -> Rule:
    """Ten steps of gradient descent, nine of them on an objective of its own."""

    def update(w, state, objective):
        own = Objective(objective.model, objective.objective.samples, objective.objective.penalty)
        for _ in range(9):
            w = w - lr * own.evaluate(w, gradient=True).gradient
        return w - lr * objective.gradient(w), state

    return Rule(lambda w, o: (), update)


def knowing(lr: float = 0.1) -> Rule:
    """It computes the minimum beforehand, where nobody counts, and steps on it."""

    def init(w, objective):
        for _ in range(20):
            gradient = objective.objective.evaluate(w, gradient=True).gradient
            w = w - np.linalg.solve(objective.objective.hessian(w), gradient[..., None])[..., 0]
        return (w,)

    return Rule(init, lambda w, state, o: (state[0], state))


@pytest.fixture(scope="module", autouse=True)
def cheats():
    """Optimizers that cheat, known by their names while these tests run."""
    with pytest.MonkeyPatch.context() as patch:
        for cheat in (twin, peeking, greedy, hiding, knowing):
            patch.setitem(REGISTRY._entries, cheat.__name__, Method(cheat))
        yield


@pytest.fixture
def results(tmp_path):
    """Trains optimizers, each on all seeds with a split of its own, and reads the results."""

    def trained(*optimizers, seeds=SEEDS, **changes):
        configs = [config(name, seed, **changes) for name in optimizers for seed in seeds]
        return trained_from(configs)

    def trained_from(configs):
        write.prepare(tmp_path)
        for stack in plan.stacks(plan.runs((one, ()) for one in configs), plan.Limits()):
            train.store_stack(stack, tmp_path, train.train_once(stack.runs, build.data(stack.runs[0].config)))
        return optlab.load(tmp_path)

    trained.of = trained_from
    return trained


def config(optimizer, seed, split=None, lr=0.1, l2=0.1, **training):
    return Schema().canonical(
        {
            "dataset": {"name": "moons", "n_samples": 60, "split_seed": seed if split is None else split,
                        "test_fraction": 0.2},
            "model": {"name": "logistic", "l2": l2},
            "optimizer": {"name": optimizer, "lr": lr},
            "schedule": {"name": "constant"},
            "training": {"max_steps": 12, "record_every": 1, **training},
            "seed": seed,
        }
    )  # fmt: skip


def each(optimizer, **changes):
    return [config(optimizer, seed, **changes) for seed in SEEDS]


def told(results, **options):
    """The sentences of the report on red flags, without the name of the problem."""
    return [text.partition(": ")[2] for text in sentences(flags(study(results, **options)))]


def edited(results, optimizer, seeds, **columns):
    """The results with columns of some runs replaced."""
    table = results.runs.copy()
    rows = (table["optimizer"] == optimizer) & table["seed"].isin(seeds)
    for name, value in columns.items():
        table.loc[rows, name] = value
    return replace(results, runs=table)


def test_an_honest_comparison_raises_no_flag(results):
    assert told(results("sgd", "adam", "momentum")) == []


def test_one_method_under_two_names(results):
    assert told(results("sgd", "twin", "adam")) == [
        "sgd and twin have the same costs to nine digits, at every record and on every seed; they may be one "
        "method."
    ]


def test_a_larger_grid(results):
    rates = [run for lr in (0.01, 0.1, 1.0, 0.3) for run in each("adam", lr=lr)]
    assert "adam had 4 settings to choose from; sgd had 1." in told(results.of([*rates, *each("sgd")]))


def test_hidden_evaluations_that_are_counted(results):
    assert told(results("sgd", "greedy")) == [
        "greedy takes 10 full gradients per epoch, so its steps cost more than those of others. Compare by "
        "work."
    ]
    found = study(results("sgd", "greedy"))
    assert "Steps: 12 each. Work in gradient-equivalents: sgd 12, greedy 120." in findings(found)[0].text


def test_the_full_gradient_of_a_method_that_claims_batches(results):
    assert told(results("sgd", "peeking", batch_size=6)) == [
        "peeking takes 6 full gradients per epoch, with batches of 6: it looks at more data than its "
        "batches. Compare by work."
    ]


def test_hidden_evaluations_that_are_not_counted(results):
    one, *others = "adam", "sgd", "momentum"
    found = results(one, *others)
    slow = edited(found, one, SEEDS, stack_size=1, seconds=1.0)
    for name in others:
        slow = edited(slow, name, SEEDS, stack_size=1, seconds=0.05)
    [text] = told(slow)
    assert text.startswith("adam takes 20 times the seconds of the others for the same counted work")


def test_evaluations_on_an_objective_of_its_own(results):
    """12 are counted, 108 are not."""
    assert told(results("sgd", "hiding")) == [
        "hiding made 108 passes over the training data that no counter saw, beside 12 counted evaluations: "
        "its true cost is higher than shown."
    ]


def test_another_penalty(results):
    found = told(results.of([*each("sgd", l2=0.1), *each("adam", l2=0.01)]))
    assert found == [
        "no problem brings these optimizers together: adam with l2=0.01; sgd with l2=0.1. They are not "
        "compared."
    ]


def test_another_split(results):
    found = told(results.of([*each("sgd", split=0), *each("adam", split=1), *each("momentum", split=0)]))
    idle = [text for text in found if text.startswith("the seed changes nothing")]  # with a fixed split
    assert len(idle) == 2
    assert [text for text in found if text not in idle] == [
        "no problem brings these optimizers together: adam with split_seed=1; momentum and sgd with "
        "split_seed=0. They are not compared."
    ]


@pytest.mark.parametrize(
    ("budget", "own"),
    [({"max_steps": 24}, "max_steps=24"), ({"tolerance": 1e-3}, "tolerance=0.001"),
     ({"max_seconds": 60}, "max_seconds=60.0")],
)  # fmt: skip
def test_another_budget(results, budget, own):
    [text] = told(results.of([*each("sgd"), *each("adam", **budget)]))
    assert text.startswith(f"no problem brings these optimizers together: adam with {own}; sgd with ")


def test_a_minimum_that_was_known(results):
    hidden, text = told(results("sgd", "adam", "knowing"))
    assert hidden.startswith("knowing made 40 passes over the training data that no counter saw, beside 0 ")
    assert text.startswith("the first step of knowing lands on J* in 6 runs")


@pytest.mark.parametrize(
    ("seed", "runs_of"),
    [(0, "1 tuning run and 0 evaluation runs"), (5, "0 tuning runs and 1 evaluation run")],
)
def test_a_seed_that_diverged(results, seed, runs_of):
    found = results.of([run for name in ("sgd", "adam") for lr in (0.1, 0.3) for run in each(name, lr=lr)])
    diverged = edited(found, "sgd", [seed], status="diverged", final_train_cost=np.nan)
    assert f"sgd diverged at its chosen setting in {runs_of}." in told(diverged)


def test_a_setting_at_the_edge_of_its_grid(results):
    found = told(results.of([run for lr in (0.01, 0.1) for run in each("sgd", lr=lr)]))
    assert found == ["the chosen lr of sgd is the highest tried; a better one may lie beyond."]


def test_values_that_tie(results):
    found = results("sgd", "adam")
    for name, best in (("sgd", 3), ("adam", 2)):  # of six seeds the accuracies differ on one
        found = edited(found, name, SEEDS, final_train_accuracy=0.8)
        found = edited(found, name, range(best), final_train_accuracy=0.9)
    assert told(found, metric="final_train_accuracy") == [
        "differences repeat or vanish between sgd and adam: with 6 seeds, no test can give p below 1.00. "
        "More seeds or a cost would decide."
    ]
    equal = edited(found, "adam", range(3), final_train_accuracy=0.9)
    [finding] = findings(study(equal, metric="final_train_accuracy"))
    assert finding.verdict.startswith("All reach the same") and "Equal to it, to rounding: " in finding.text


def test_one_seed_beside_many(results):
    one, many = config("adam", 0, split=0, batch_size=6), each("sgd", split=0, batch_size=6)
    found = results.of([*many, one])
    assert "adam has 1 evaluation seed, others 6; 6 are compared." in told(found)
    [finding] = findings(study(found))
    assert "Not ranked (too few seeds in common with the others): adam." in finding.text


def test_one_split_beside_many(results):
    assert told(results.of([*each("sgd"), config("adam", 0)])) == [
        "splits of the data differ: adam with split_seed=0; sgd with split_seed=0 or 1 or 2 or 3 others. "
        "Every split counts as a problem of its own."
    ]


def test_one_seed_of_everyone(results):
    found = study(results("sgd", "adam", seeds=[0], batch_size=6))
    assert [finding.verdict for finding in findings(found)] == ["No optimizer can be ranked"]
    assert any("With one seed nothing can be said" in fact.text for fact in protocol(found))


def test_other_records(results):
    found = told(results.of([*each("sgd", record_every=1), *each("adam", record_every=4)]))
    assert found == [
        "runs were recorded unlike, sgd every epoch and adam every 4 epochs: costs to target are read where "
        "all have records."
    ]


def test_a_stop_rule(results):
    found = told(results("sgd", "adam", tolerance=0.01, max_steps=300))
    assert any(text.startswith("a stop rule ended ") and "behind the first" in text for text in found)


def test_the_clock(results):
    found = edited(results("sgd", "adam"), "sgd", [2, 4], status="timed_out")
    assert told(found) == ["the clock ended 2 of 6 runs of sgd."]
