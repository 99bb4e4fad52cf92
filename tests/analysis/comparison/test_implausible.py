import pandas as pd
import pytest

from optlab.analysis.comparison.implausible import known_minima, many_gradients, slow_work


def runs(seconds):
    """Two runs each of some optimizers; `seconds` by optimizer, for 100 gradients."""
    rows = [
        {"run_id": f"{name}{seed}", "problem": "p", "optimizer": name, "batch": "full", "seconds": own,
         "optimum": 0.5}
        for name, own in seconds.items()
        for seed in range(2)
    ]  # fmt: skip
    chosen = pd.DataFrame(rows)
    points = pd.concat([chosen[["run_id"]].assign(gradient_equivalents=work) for work in (0.0, 100.0)])
    return chosen, points


@pytest.fixture
def hidden():
    """One of four optimizers evaluates ten times as much as is counted."""
    return runs({"sgd": 1.0, "adam": 1.2, "newton": 0.8, "mine": 10.0})


def test_hidden_evaluations_show_in_the_seconds_of_counted_work(hidden):
    found = slow_work(*hidden, pd.Series({"p": True}))
    assert found["optimizer"].tolist() == ["mine"]
    assert found["times"].iloc[0] == pytest.approx(10)


def test_seconds_of_a_shared_stack_accuse_nobody(hidden):
    assert slow_work(*hidden, pd.Series({"p": False})).empty


def test_two_optimizers_show_no_usual_pace():
    assert slow_work(*runs({"sgd": 1.0, "mine": 10.0}), pd.Series({"p": True})).empty


def test_a_first_step_to_the_minimum_is_noticed():
    chosen, _ = runs({"sgd": 1.0, "mine": 1.0})
    points = pd.DataFrame(
        {"run_id": [*chosen["run_id"]] * 2, "step": [0] * 4 + [1] * 4,
         "train_cost": [1.0] * 4 + [0.9, 0.8, 0.5, 0.5 + 1e-12]}
    )  # fmt: skip
    [row] = known_minima(chosen, points).to_dict("records")
    assert row == {"problem": "p", "optimizer": "mine", "runs": 2}
    assert known_minima(chosen.assign(optimum=float("nan")), points).empty


def test_without_a_record_of_the_first_step_nothing_is_said():
    chosen, _ = runs({"mine": 1.0})
    points = pd.DataFrame({"run_id": [*chosen["run_id"]], "step": 0, "train_cost": 1.0})
    assert known_minima(chosen, points).empty


def test_more_gradients_than_the_batches_need_are_noticed():
    chosen, points = runs({"sgd": 1.0, "mine": 1.0})
    chosen = chosen.assign(epochs=10.0)
    points = points.assign(
        gradient_evals=points["run_id"].map(lambda run: 100.0 if run.startswith("m") else 25.0)
    )
    [row] = many_gradients(chosen, points).to_dict("records")
    assert row == {"problem": "p", "optimizer": "mine", "batch": "full", "gradients": 10.0}
