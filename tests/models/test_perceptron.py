"""The perceptron: Rosenblatt's rule by hand, scikit-learn's, and the convergence theorem."""

import numpy as np
import pytest
from sklearn.linear_model import Perceptron

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.core.streams import Purpose, stream
from optlab.datasets.dataset import Dataset, Part
from optlab.models import REGISTRY
from optlab.objective.penalty import NONE
from optlab.optimizers import REGISTRY as OPTIMIZERS
from optlab.training.loop import RunSpec, Training, train

AND = Part(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 0, 0, 1]))
NOTHING = Part(np.empty((0, 2)), np.empty(0, int))


def separable(n: int = 40) -> Part:
    """Two classes, no sample nearer than 0.1 to the line between them."""
    x = np.random.default_rng(0).uniform(-1, 1, (4 * n, 2))
    distance = x @ [0.6, 0.8] + 0.2
    keep = np.flatnonzero(np.abs(distance) > 0.1)[:n]
    return Part(x[keep], (distance[keep] > 0).astype(int))


def learn(part: Part, epochs: int, optimizer: str = "sgd", **options):
    """Training on single samples, with the parameters after every step."""
    dataset = Dataset("test", part, NOTHING, NOTHING, ("a", "b"), ("0", "1"), "")
    member = RunSpec(optimizer, {**defaults(OPTIMIZERS.get(optimizer)), "lr": 1.0, **options}, NONE, 0)
    budget = Training(batch_size=1, epochs=epochs, record_every=1, record_parameters="all")
    return train(REGISTRY.get("perceptron")(2, 2), dataset, [member], budget)


def orders(n: int, epochs: int) -> list[np.ndarray]:
    rng = stream(Purpose.BATCHES, 0)
    return [rng.permutation(n) for _ in range(epochs)]


def test_it_learns_and_by_rosenblatts_rule():
    """w <- w + y [x, 1], y in {-1, +1}, for a sample whose score does not have the sign of y."""
    history = learn(AND, epochs=20)
    w = np.zeros(3)
    for step, i in enumerate(np.concatenate(orders(4, 20)), start=1):
        sample, sign = np.append(AND.x[i], 1.0), 2 * AND.y[i] - 1
        w = w + sign * sample * (sign * (sample @ w) <= 0)
        np.testing.assert_array_equal(history.parameters[step, 0], w)
    assert history.columns["train_cost"][-1] == 0
    assert history.columns["train_accuracy"][-1] == 1
    assert history.status == ["completed"]


def test_it_is_the_perceptron_of_scikit_learn():
    part = separable()
    theirs = Perceptron(shuffle=False)
    for order in orders(40, 3):
        theirs.partial_fit(part.x[order], part.y[order], classes=[0, 1])
    ours = learn(part, epochs=3).parameters[-1, 0]
    np.testing.assert_allclose(ours, np.append(theirs.coef_[0], theirs.intercept_), rtol=1e-12)


def test_mistakes_on_separable_data_are_no_more_than_novikoff_allows():
    part = separable()
    history = learn(part, epochs=60)
    mistakes = (np.diff(history.parameters[:, 0], axis=0) != 0).any(1).sum()
    longest, margin = np.sqrt((part.x**2).sum(1) + 1).max(), 0.1 / np.sqrt(1 + 0.2**2)
    assert 0 < mistakes <= (longest / margin) ** 2
    assert history.columns["train_accuracy"][-1] == 1


def test_a_score_that_cancels_to_zero_counts_as_label_0():
    model = REGISTRY.get("perceptron")(2, 2)
    samples = model.prepare(Part(np.array([[0.0, 1.0], [0.0, 1.0]]), np.array([0, 1])), np.dtype(float))
    sums = model.loss_sums(np.array([[1.0, 2.0, -2.0]]), samples, 1.0, gradient=True, correct=True)
    assert sums.correct == [1]
    np.testing.assert_array_equal(sums.gradient, [[0.0, 0.0, 0.0]])  # both are mistakes, of opposite sign


def test_the_rate_scales_the_parameters_and_changes_no_prediction():
    one, other = learn(AND, 6), learn(AND, 6, lr=0.25)
    np.testing.assert_array_equal(other.parameters, 0.25 * one.parameters)
    np.testing.assert_array_equal(other.columns["train_accuracy"], one.columns["train_accuracy"])


def test_probabilities_are_steps_of_the_scores():
    model = REGISTRY.get("perceptron")(1, 2)
    x = np.array([[-1.0], [0.0], [2.0]])
    np.testing.assert_array_equal(
        model.probabilities(np.array([[1.0, 0.0]]), x), [[[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]]
    )


def test_more_than_two_classes_are_refused():
    with pytest.raises(UserError, match="10 classes and the perceptron is binary"):
        REGISTRY.get("perceptron")(784, 10)


@pytest.mark.parametrize("optimizer", ["newton", "lbfgs"])
def test_methods_that_need_more_than_a_subgradient_are_refused(optimizer):
    with pytest.raises(UserError, match=f"optimizer={optimizer} model=perceptron: .* use optimizer=sgd"):
        learn(AND, 1, optimizer)
