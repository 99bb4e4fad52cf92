"""Which arrays of weights and biases the parameters of a model make."""

import numpy as np
import pytest

from optlab.models import REGISTRY
from optlab.models.layers import has_matrix, layers_of, places

MODELS = {
    "logistic": (REGISTRY.get("logistic")(4, 2), ["w", "b"], False),
    "without": (REGISTRY.get("logistic")(4, 2, fit_intercept=False), ["w"], False),
    "perceptron": (REGISTRY.get("perceptron")(4, 2), ["w", "b"], False),
    "softmax": (REGISTRY.get("softmax")(4, 3), ["W1", "b1"], True),
    "single": (REGISTRY.get("mlp")(4, 2, hidden=[]), ["W1", "b1"], False),
    "mlp": (REGISTRY.get("mlp")(4, 3, hidden=[5]), ["W1", "b1", "W2", "b2"], True),
}


@pytest.mark.parametrize("case", MODELS)
def test_layers_follow_each_other_without_gaps_and_know_weights_from_biases(case):
    model, names, matrix = MODELS[case]
    layers = layers_of(model)
    assert [layer.name for layer in layers] == names and has_matrix(model) is matrix
    np.testing.assert_array_equal(places(layers), np.arange(model.n_parameters))
    mask = np.concatenate([np.full(layer.size, layer.is_weight) for layer in layers])
    np.testing.assert_array_equal(mask, model.penalty_mask)


def test_a_layer_is_a_view_of_the_parameters():
    w = np.zeros((2, 43))
    first, biases, second, _ = layers_of(MODELS["mlp"][0])
    first.view(w)[1, 3, 4] = 1
    biases.columns(w)[0, 2, 0] = 2
    second.view(w)[0, 4, 2] = 3
    assert np.argwhere(w).tolist() == [[0, 22], [0, 39], [1, 19]] and second.shape == (5, 3)


def test_a_model_that_does_not_say_has_stretches_of_weights_and_of_biases():
    class Own:
        penalty_mask = np.array([1.0, 1, 0, 1])

    layers = layers_of(Own())
    assert [(layer.start, layer.shape, layer.is_weight) for layer in layers] == [
        (0, (2,), True),
        (2, (1,), False),
        (3, (1,), True),
    ]
    assert not has_matrix(Own())
