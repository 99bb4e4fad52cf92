"""The training loop: budgets, batches, stop rules, records and the independence of runs."""

from dataclasses import replace

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.datasets.dataset import Dataset, Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.penalty import penalty
from optlab.optimizers import REGISTRY as OPTIMIZERS
from optlab.training.loop import RunSpec, Training, train


def part(n: int, seed: int, d: int = 3) -> Part:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d))
    return Part(x, (x @ np.linspace(-1, 2, d) + rng.normal(size=n) > 0).astype(int))


DATA = Dataset(
    name="test",
    train=part(50, 0),
    validation=part(30, 1),
    test=part(20, 2),
    features=("a", "b", "c"),
    classes=("no", "yes"),
    sha256="",
)
MODEL = MODELS.get("logistic")(3, 2)


def member(optimizer: str = "sgd", seed: int = 0, l2: float = 0.0, **options: float) -> RunSpec:
    return RunSpec(optimizer, {**defaults(OPTIMIZERS.get(optimizer)), **options}, penalty(l2=l2), seed)


def run(members: list[RunSpec], **training) -> object:
    return train(MODEL, DATA, members, Training(**training))


def test_the_first_and_the_last_state_are_always_recorded():
    history = run([member()], epochs=None, max_steps=7, record_every=3)
    np.testing.assert_array_equal(history.step, [0, 3, 6, 7])
    assert history.status == ["completed"]


def test_epochs_are_counted_in_batches_the_last_of_which_may_be_smaller():
    history = run([member()], batch_size=20, epochs=2, record_every=1)
    np.testing.assert_array_equal(history.step, range(7))  # 20 + 20 + 10 samples an epoch
    np.testing.assert_allclose(history.epoch, np.arange(7) / 3)
    np.testing.assert_allclose(history.columns["gradient_evals"][:, 0], [0, 0.4, 0.8, 1, 1.4, 1.8, 2])


def test_the_smaller_of_two_budgets_counts():
    assert run([member()], batch_size=10, epochs=3, max_steps=4).step[-1] == 4
    assert run([member()], batch_size=10, epochs=1, max_steps=400).step[-1] == 5


def test_log_records_about_a_hundred_points_that_spread_out():
    steps = run([member()], epochs=5000, record_every="log").step
    assert 70 <= len(steps) <= 102
    assert steps[-1] == 5000
    assert np.diff(steps)[-1] > 100


def test_recorded_costs_are_those_of_the_recorded_parameters():
    history = run([member(lr=0.5, l2=0.1)], epochs=5, record_parameters="all")
    for t in range(6):
        w = history.parameters[t]
        for name in ("train", "validation", "test"):
            data = getattr(DATA, name)
            sums = MODEL.loss_sums(w, MODEL.prepare(data, np.dtype(float)), 1 / len(data.y))
            penalty = 0.05 * (w[0, :3] ** 2).sum() if name == "train" else 0.0
            np.testing.assert_allclose(
                history.columns[f"{name}_cost"][t, 0], sums.loss[0] + penalty, rtol=1e-13
            )
            accuracy = (MODEL.predict(w, data.x) == data.y).mean()
            np.testing.assert_allclose(history.columns[f"{name}_accuracy"][t, 0], accuracy)


def test_every_epoch_visits_every_sample_once():
    """With a rate so small that w does not move, an epoch of single samples adds up n full gradients."""
    lr = 1e-9
    history = run([member(lr=lr)], batch_size=1, epochs=1, record_parameters="final")
    full = run([member(lr=lr)], epochs=1, record_parameters="final")
    np.testing.assert_allclose(history.parameters / 50, full.parameters, rtol=1e-6)


def test_the_same_seed_gives_the_same_bits_and_another_seed_other_batches():
    one, again = (run([member(seed=3)], batch_size=7, epochs=2) for _ in range(2))
    other = run([member(seed=4)], batch_size=7, epochs=2)
    np.testing.assert_array_equal(one.columns["train_cost"], again.columns["train_cost"])
    assert (one.columns["train_cost"][1:] != other.columns["train_cost"][1:]).all()


def test_runs_of_the_same_seed_start_and_are_fed_alike_whatever_their_optimizer():
    model = MODELS.get("mlp")(3, 2, hidden=[4])
    members = [member("sgd", 5, lr=0.1), member("momentum", 5, lr=0.1, momentum=0.0)]
    history = train(model, DATA, members, Training(batch_size=8, epochs=3))
    costs = history.columns["train_cost"]
    np.testing.assert_allclose(costs[:, 0], costs[:, 1], rtol=1e-12)


@pytest.mark.parametrize("batch_size", [None, 16])
def test_a_stack_equals_its_runs_trained_alone(batch_size):
    names = ["adam", "newton", "sgd", "adagrad", "sgd", "adam"]
    rates = [0.1, 1.0, 0.1, 0.3, 0.7, 0.01]
    members = [member(name, l2=0.1, lr=lr) for name, lr in zip(names, rates, strict=True)]
    together = run(members, batch_size=batch_size, epochs=20)
    for r, single in enumerate(members):
        alone = run([single], batch_size=batch_size, epochs=20)
        for column in ("train_cost", "test_accuracy", "gradient_evals", "hessian_evals"):
            np.testing.assert_allclose(
                together.columns[column][:, r], alone.columns[column][:, 0], rtol=1e-9, err_msg=column
            )


def test_small_blocks_change_nothing(monkeypatch):
    members = [member("adam", lr=lr) for lr in (0.1, 0.2, 0.3, 0.4, 0.5)]
    whole = run(members, epochs=10)
    monkeypatch.setattr("optlab.training.block.BLOCK_ELEMENTS", 8)
    np.testing.assert_array_equal(run(members, epochs=10).columns["train_cost"], whole.columns["train_cost"])


def test_a_diverging_run_is_frozen_and_leaves_its_neighbours_untouched():
    x = DATA.train.x * 100
    data = Dataset(**{**vars(DATA), "train": Part(x, DATA.train.y)})
    model = MODELS.get("mlp")(
        3, 2, hidden=[4], activation="identity", loss="mse", output_activation="identity"
    )
    members = [member(lr=1e-6, l2=0.1), member(lr=1e6), member(lr=1e-5, l2=0.2)]
    history = train(model, data, members, Training(epochs=30))
    assert history.status == ["completed", "diverged", "completed"]
    assert history.n_points[1] < history.n_points[0] == 31
    assert np.isnan(history.columns["train_cost"][history.n_points[1] :, 1]).all()
    neighbours = train(model, data, [members[0], members[2]], Training(epochs=30))
    np.testing.assert_allclose(
        history.columns["train_cost"][:, [0, 2]], neighbours.columns["train_cost"], rtol=1e-9
    )


def test_a_run_diverges_where_its_cost_first_exceeds_a_million_times_the_initial_cost():
    """The rate is so little above the stable ones that costs grow slowly: all of them are finite."""
    model = MODELS.get("mlp")(
        3, 2, hidden=[], activation="identity", loss="mse", output_activation="identity"
    )
    history = train(model, DATA, [member(lr=2.0)], Training(epochs=500))
    cost = history.columns["train_cost"][: history.n_points[0], 0]
    assert history.status == ["diverged"] and np.isfinite(cost).all()
    assert cost[-1] > 1e6 * cost[0] >= cost[-2] > 0.01 * cost[-1]


def test_a_cost_that_is_not_finite_at_the_start_counts_as_diverged():
    data = Dataset(**{**vars(DATA), "train": Part(DATA.train.x * 1e200, DATA.train.y)})
    model = MODELS.get("mlp")(
        3, 2, hidden=[2], activation="identity", loss="mse", output_activation="identity"
    )
    assert train(model, data, [member()], Training(epochs=3)).status == ["diverged"]


def test_a_cost_of_zero_at_the_start_is_no_measure_of_divergence():
    model = MODELS.get("perceptron")(3, 2)
    history = train(model, DATA, [member(lr=1.0)], Training(epochs=5, batch_size=1))
    assert history.columns["train_cost"][0] == 0 < history.columns["train_cost"][1]
    assert history.status == ["completed"]


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_saturation_and_sparsity_are_recorded_of_every_hidden_layer(monkeypatch, dropout):
    monkeypatch.setattr("optlab.objective.loss.CACHE_ELEMENTS", 1)
    monkeypatch.setattr("optlab.objective.loss.MIN_CHUNK", 17)
    model = MODELS.get("mlp")(3, 2, hidden=[4, 5], activation="tanh", dropout=dropout)
    members = [member(lr=3.0), member(lr=0.5)]
    history = train(
        model, DATA, members, Training(epochs=6, record_activations=True, record_parameters="all")
    )
    for t, r in [(0, 0), (6, 0), (6, 1)]:
        w1, b1, w2, b2, _ = np.split(history.parameters[t, r], np.cumsum([12, 4, 20, 5]))
        first = np.tanh(DATA.train.x @ w1.reshape(3, 4) + b1)
        second = np.tanh(first @ w2.reshape(4, 5) + b2)
        for layer, a in enumerate((first, second), start=1):
            column = history.columns[f"saturation_{layer}"]
            np.testing.assert_allclose(column[t, r], (1 - a**2 < 0.05).mean(), rtol=1e-12)
            assert history.columns[f"sparsity_{layer}"][t, r] == 0
    assert history.columns["saturation_1"].max() > 0


def test_where_relu_is_zero_it_is_sparse_and_saturated():
    model = MODELS.get("mlp")(3, 2, hidden=[6])
    history = train(
        model, DATA, [member()], Training(epochs=1, record_activations=True, record_parameters="all")
    )
    w, b = history.parameters[1, 0, :18].reshape(3, 6), history.parameters[1, 0, 18:24]
    share = (DATA.train.x @ w + b <= 0).mean()
    np.testing.assert_allclose(history.columns["sparsity_1"][1, 0], share, rtol=1e-12)
    np.testing.assert_allclose(history.columns["saturation_1"][1, 0], share, rtol=1e-12)


@pytest.mark.parametrize(("model", "asked"), [("mlp", False), ("logistic", True), ("softmax", True)])
def test_nothing_is_recorded_of_hidden_layers_unless_asked_nor_without_them(model, asked):
    history = train(MODELS.get(model)(3, 2), DATA, [member()], Training(epochs=1, record_activations=asked))
    assert not [name for name in history.columns if name.startswith(("saturation", "sparsity"))]


def test_tolerance_stops_at_a_small_change_of_the_cost():
    history = run([member(lr=0.5), member(lr=0.05)], epochs=2000, tolerance=1e-5)
    cost, last = history.columns["train_cost"], history.n_points - 1
    for r in range(2):
        changes = np.abs(np.diff(cost[: last[r] + 1, r]))
        assert history.status[r] == "converged"
        assert changes[-1] < 1e-5
        assert (changes[:-1] >= 1e-5).all()


def test_grad_tolerance_stops_at_a_small_gradient_also_with_mini_batches():
    full = run([member("newton")], epochs=50, grad_tolerance=1e-8)
    assert full.status == ["converged"]
    assert full.columns["grad_norm"][full.n_points[0] - 1, 0] < 1e-8
    batches = run([member(lr=0.1)], batch_size=10, epochs=500, grad_tolerance=0.02)
    assert batches.columns["grad_norm"][batches.n_points[0] - 1, 0] < 0.02


def test_patience_stops_early_and_keeps_the_best_parameters():
    rng = np.random.default_rng(0)
    noise = Dataset(**{**vars(DATA), "train": Part(rng.normal(size=(12, 3)), np.arange(12) % 2)})
    model = MODELS.get("mlp")(3, 2, hidden=[20])
    members = [member("adam", lr=0.05), member("adam", lr=0.2)]
    history = train(model, noise, members, Training(epochs=500, patience=5, record_parameters="final"))
    assert history.status == ["early_stopped"] * 2
    assert history.n_points[0] != history.n_points[1]
    samples = model.prepare(noise.validation, np.dtype(float))
    kept = model.loss_sums(history.parameters, samples, 1 / len(samples.y)).loss
    for r in range(2):
        validation = history.columns["validation_cost"][: history.n_points[r], r]
        assert history.final_point[r] == validation.argmin() == history.n_points[r] - 6
        np.testing.assert_allclose(kept[r], validation.min(), rtol=1e-13)


@pytest.mark.parametrize("patience", [None, 5])
def test_final_values_are_the_last_ones_and_with_patience_those_of_the_best_point(patience):
    rng = np.random.default_rng(0)
    noise = Dataset(**{**vars(DATA), "train": Part(rng.normal(size=(12, 3)), np.arange(12) % 2)})
    model = MODELS.get("mlp")(3, 2, hidden=[20])
    history = train(model, noise, [member("adam", lr=0.05)], Training(epochs=100, patience=patience))
    last, best = history.n_points[0] - 1, history.columns["validation_cost"][:, 0].argmin()
    assert best < last
    end = last if patience is None else best
    for name, values in history.columns.items():
        assert history.final(name)[0] == values[end, 0], name
    assert history.columns["train_cost"][best, 0] != history.columns["train_cost"][last, 0]


def test_max_seconds_ends_a_run_that_has_not_finished():
    history = run([member(lr=1e-6)], epochs=10**7, record_every=10**6, max_seconds=0.05)
    assert history.status == ["timed_out"]
    assert 0.05 <= history.seconds[-1] < 5


def test_float32_trains_in_single_precision():
    history = train(
        MODEL, DATA, [member("adam", lr=0.1)], Training(epochs=5, record_parameters="final"), dtype="float32"
    )
    assert history.parameters.dtype == np.float32


def test_without_held_out_data_its_columns_are_not_available():
    nothing = Part(np.empty((0, 3)), np.empty(0, int))
    data = Dataset(**{**vars(DATA), "validation": nothing, "test": nothing})
    history = train(MODEL, data, [member()], Training(epochs=2))
    for column in ("validation_cost", "validation_accuracy", "test_cost", "test_accuracy"):
        assert np.isnan(history.columns[column]).all()


def test_a_schedule_multiplies_the_learning_rate_of_every_step():
    def only_first(t: int) -> float:
        return 1.0 if t == 1 else 0.0

    history = train(MODEL, DATA, [member(lr=0.1)], Training(epochs=3), only_first)
    cost = history.columns["train_cost"][:, 0]
    assert cost[1] < cost[0]
    np.testing.assert_array_equal(cost[1:], cost[1])


def test_schedules_multiply_the_numbers_of_an_optimizer_that_they_are_named_after():
    """Against SGD with a momentum and a decay of each step's own, by hand on the recorded gradients."""
    schedules = {"lr": lambda t: 1 / t, "momentum": lambda t: 1 - 1 / t, "weight_decay": lambda t: t / 5}
    options = {"lr": 0.5, "momentum": 0.8, "weight_decay": 0.1}
    budget = Training(epochs=5, record_every=1, record_parameters="all")
    path = train(MODEL, DATA, [member("momentum", **options)], budget, schedules).parameters[:, 0]
    objective = Objective(MODEL, MODEL.prepare(DATA.train, np.dtype(float)))
    w, v = path[0], 0.0
    for t in range(1, 6):
        factors = {name: factor(t) for name, factor in schedules.items()}
        g = objective.evaluate(w[None], gradient=True).gradient[0] + 0.1 * factors["weight_decay"] * w
        v = 0.8 * factors["momentum"] * v + g
        w = w - 0.5 * factors["lr"] * v
        np.testing.assert_allclose(path[t], w, rtol=1e-12)


def test_gradients_are_clipped_before_a_step_but_recorded_as_they_are():
    history = run([member(lr=1.0)], epochs=3, clip_norm=0.01, record_parameters="all")
    moved = np.linalg.norm(np.diff(history.parameters[:, 0], axis=0), axis=1)
    np.testing.assert_allclose(moved, 0.01, rtol=1e-4)  # 1e-6 is added to a norm of about 0.3
    assert (history.columns["grad_norm"] > 0.02).all()


def test_progress_reports_the_last_costs_in_the_order_of_the_members(monkeypatch):
    monkeypatch.setattr("optlab.training.loop.PROGRESS_SECONDS", 0.0)
    seen = []
    members = [member("sgd", lr=0.1), member("adam", lr=0.1)]
    history = train(MODEL, DATA, members, Training(epochs=4), progress=lambda *now: seen.append(now))
    steps, budgets, costs = zip(*seen, strict=True)
    assert steps == (0, 1, 2, 3, 4)
    assert set(budgets) == {4}
    np.testing.assert_array_equal(np.stack(costs), history.columns["train_cost"])


@pytest.mark.parametrize(
    ("training", "words"),
    [
        ({"epochs": None, "max_steps": None}, "no budget"),
        ({"patience": 3}, "validation"),
    ],
)
def test_what_cannot_be_trained_is_refused(training, words):
    nothing = Part(np.empty((0, 3)), np.empty(0, int))
    data = Dataset(**{**vars(DATA), "validation": nothing})
    with pytest.raises(UserError, match=words):
        train(MODEL, data, [member()], Training(**training))


def test_a_hessian_that_does_not_fit_is_refused_with_its_size():
    x = np.zeros((2, 784))
    data = Dataset(**{**vars(DATA), "train": Part(x, np.array([0, 1]))})
    model = MODELS.get("mlp")(784, 10, hidden=[16, 16])
    with pytest.raises(UserError, match=r"13,002 parameters takes 1\.3 GiB"):
        train(model, data, [member("newton")], Training(epochs=1))


@pytest.mark.parametrize("name", ["gradient_descent", "lbfgs", "nonlinear_cg"])
@pytest.mark.parametrize("stop", [{}, {"tolerance": 1e-6}])
def test_a_run_whose_line_search_accepts_no_step_is_stalled(name, stop):
    huge = DATA.train._replace(x=1e12 * DATA.train.x)
    history = train(MODEL, replace(DATA, train=huge), [member(name)], Training(epochs=12, **stop))
    assert history.status == ["stalled"]
    assert np.isfinite(history.columns["train_cost"]).all()


@pytest.mark.parametrize("name", ["gradient_descent", "lbfgs", "nonlinear_cg", "newton", "barzilai_borwein"])
def test_a_run_that_stands_at_the_minimum_is_not_stalled(name):
    assert run([member(name, l2=0.1)], epochs=400, record_every=1).status == ["completed"]
