"""Activations: derivatives by finite differences, extreme scores, precision, PyTorch's values."""

import numpy as np
import pytest

from optlab.models.activations import ACTIVATIONS

Z = np.array([-30.0, -2.5, -0.3, 0.2, 1.0, 4.0, 30.0])

PYTORCH = {  # torch.nn.functional in float64 at -2.5, -0.3, 0, 1, and its derivatives by autograd
    "sigmoid": (
        [0.07585818002124355, 0.425557483188341, 0.5, 0.7310585786300049],
        [0.07010371654510815, 0.24445831169074586, 0.25, 0.19661193324148185],
    ),
    "tanh": (
        [-0.9866142981514303, -0.2913126124515909, 0.0, 0.7615941559557649],
        [0.02659222668316057, 0.9151369618266292, 1.0, 0.41997434161402614],
    ),
    "relu": ([0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 1.0]),
    "leaky_relu": ([-0.025, -0.003, 0.0, 1.0], [0.01, 0.01, 0.01, 1.0]),
    "elu": (
        [-0.9179150013761013, -0.2591817793182821, 0.0, 1.0],
        [0.0820849986238988, 0.7408182206817179, 1.0, 1.0],
    ),
    "gelu": (
        [-0.015524163314440398, -0.1146265733433142, 0.0, 0.841344746068543],
        [-0.03761108590814519, 0.26767223317289013, 0.5, 1.0833154705876864],
    ),
    "softplus": (
        [0.07888973429254963, 0.5543552444685271, 0.6931471805599453, 1.3132616875182228],
        [0.07585818002124356, 0.425557483188341, 0.5, 0.7310585786300049],
    ),
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
def test_values_and_derivatives_are_those_of_pytorch(name: str):
    f, z = ACTIVATIONS[name], np.array([-2.5, -0.3, 0.0, 1.0])
    values, derivatives = PYTORCH[name]
    np.testing.assert_allclose(f.forward(z), values, rtol=1e-14)
    # sums such as 1 - a^2 cancel a little where they are small
    np.testing.assert_allclose(f.derivative(z, f.forward(z)), derivatives, rtol=1e-13)


@pytest.mark.parametrize("name", sorted({*ACTIVATIONS} - {"step"}))
def test_no_slope_is_steeper_than_the_steepest(name: str):
    f, z = ACTIVATIONS[name], np.linspace(-20, 20, 4001)
    largest = np.abs(f.derivative(z, f.forward(z))).max()
    np.testing.assert_allclose(f.steepest, largest, rtol=1e-4)  # of the grid


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_single_precision_stays_single_and_large_scores_do_not_overflow(name: str):
    f = ACTIVATIONS[name]
    z = np.array([-1e4, -1.0, 0.0, 1.0, 1e4], np.float32)
    for values in (f.forward(z), f.derivative(z, f.forward(z)), f.second_derivative(z, f.forward(z))):
        assert values.dtype == np.float32
        assert np.isfinite(values).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivatives_are_finite_at_the_largest_scores(name: str):
    f, z = ACTIVATIONS[name], np.array([-1e300, 1e300])
    with np.errstate(over="ignore"):  # of squares, in training too
        assert np.isfinite(f.derivative(z, f.forward(z))).all()
        assert np.isfinite(f.second_derivative(z, f.forward(z))).all()
