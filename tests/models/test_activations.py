"""Activations: derivatives by finite differences, extreme scores, precision, PyTorch's values."""

import numpy as np
import pytest

from optlab.models.activations import ACTIVATIONS

Z = np.array([-30.0, -2.5, -0.3, 0.2, 1.0, 4.0, 30.0])

PYTORCH = {  # torch.nn.functional at -2.5, -0.3, 1.0 in float64
    "leaky_relu": [-0.025, -0.003, 1.0],
    "elu": [-0.9179150013761013, -0.2591817793182821, 1.0],
    "gelu": [-0.015524163314440398, -0.1146265733433142, 0.841344746068543],
    "softplus": [0.07888973429254963, 0.5543552444685271, 1.3132616875182228],
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivatives_are_those_of_the_function(name: str):
    f = ACTIVATIONS[name]
    h = 1e-6
    slope = (f.forward(Z + h) - f.forward(Z - h)) / (2 * h)
    np.testing.assert_allclose(f.derivative(Z, f.forward(Z)), slope, atol=1e-8)  # h^2 and rounding / h
    up, down = (f.derivative(z, f.forward(z)) for z in (Z + h, Z - h))
    np.testing.assert_allclose(f.second_derivative(Z, f.forward(Z)), (up - down) / (2 * h), atol=1e-8)


@pytest.mark.parametrize("name", PYTORCH)
def test_values_are_those_of_pytorch(name: str):
    np.testing.assert_allclose(
        ACTIVATIONS[name].forward(np.array([-2.5, -0.3, 1.0])), PYTORCH[name], rtol=1e-14
    )


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_single_precision_stays_single_and_large_scores_do_not_overflow(name: str):
    f = ACTIVATIONS[name]
    z = np.array([-1e4, -1.0, 0.0, 1.0, 1e4], np.float32)
    for values in (f.forward(z), f.derivative(z, f.forward(z)), f.second_derivative(z, f.forward(z))):
        assert values.dtype == np.float32
        assert np.isfinite(values).all()
