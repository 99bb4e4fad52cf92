"""Regenerates layer_trajectories.json: what other libraries' optimizers do on real data, layer by layer.

    python tests/references/layer_trajectories.py

needs torch, pytorch-optimizer 4.1 and optax 0.2.8. The problems are given by `problem`, which the tests call
too. Of parameters, a few products with fixed vectors are stored.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from optlab.core.streams import Purpose, stream

STEPS = 60
STORED = [1, 2, 3, 10, 30, 60]
HERE = Path(__file__).parent

# optlab's optimizer and options -> the library, its optimizer and its names of the same options
Case = tuple[str, dict[str, Any], str, dict[str, Any]]
CASES: dict[str, Case] = {
    "muon": ("muon", {"lr": 0.02}, "optax", {"learning_rate": 0.02}),
    "muon-plain": (
        "muon",
        {"lr": 0.02, "nesterov": False, "beta": 0.9, "weight_decay": 0.1, "iterations": 3},
        "optax",
        {"learning_rate": 0.02, "nesterov": False, "beta": 0.9, "weight_decay": 0.1, "ns_steps": 3},
    ),
    "shampoo": ("shampoo", {"lr": 0.1}, "Shampoo", {"lr": 0.1}),
    "shampoo-decay": (
        "shampoo",
        {"lr": 0.1, "eps": 1e-3, "weight_decay": 0.1},
        "Shampoo",
        {"lr": 0.1, "matrix_eps": 1e-3, "weight_decay": 0.1},
    ),
    "soap": ("soap", {"longest": 10, "eps": 1e-6}, "SOAP", {"max_precondition_dim": 10, "eps": 1e-6}),
    "soap-often": (
        "soap",
        {
            "longest": 10,
            "eps": 1e-6,
            "lr": 0.01,
            "beta1": 0.9,
            "shampoo_beta": 0.8,
            "every": 3,
            "weight_decay": 0.0,
        },
        "SOAP",
        {
            "max_precondition_dim": 10,
            "eps": 1e-6,
            "lr": 0.01,
            "betas": (0.9, 0.95),
            "shampoo_beta": 0.8,
            "precondition_frequency": 3,
            "weight_decay": 0.0,
        },
    ),
    "lamb": ("lamb", {"lr": 0.01}, "lamb", {"learning_rate": 0.01}),
    "lamb-decay": (
        "lamb",
        {"lr": 0.01, "weight_decay": 0.1, "bias_correction": False, "eps": 1e-12},
        "Lamb",
        {"lr": 0.01, "weight_decay": 0.1, "weight_decouple": False, "eps": 1e-12, "adam_debias": True},
    ),
    "lars": (
        "lars",
        {"lr": 0.5, "trust": 0.02, "weight_decay": 0.1},
        "LARS",
        {"lr": 0.5, "trust_coefficient": 0.02, "weight_decay": 0.1, "foreach": False},
    ),
    "sophia": (
        "sophia",
        {"bound": 0.5, "every": 3, "weight_decay": 0.1},
        "SophiaH",
        {"p": 0.5, "update_period": 3, "weight_decay": 0.1},
    ),
    "adahessian": (
        "adahessian",
        {"lr": 0.05, "power": 0.8, "weight_decay": 0.1},
        "AdaHessian",
        {"lr": 0.05, "hessian_power": 0.8, "weight_decay": 0.1},
    ),
    "lookahead": ("lookahead", {"lr": 0.05, "alpha": 0.4}, "Lookahead", {"lr": 0.05, "alpha": 0.4}),
    "grams": ("grams", {"lr": 0.05, "options": {"eps": 1e-6}}, "Grams", {"lr": 0.05}),
    "mars": (
        "mars",
        {"inner": "lion", "lr": 0.01, "options": {"beta1": 0.95, "beta2": 0.95}, "gamma": 0.1},
        "MARS",
        {"lr": 0.01, "mars_type": "lion", "gamma": 0.1},
    ),
    "cautious": ("cautious", {"inner": "lion", "lr": 0.01}, "Lion", {"lr": 0.01, "cautious": True}),
}
WRAPPERS = ("lookahead", "grams", "mars", "cautious")
"""Methods that look at all parameters together: compared where these make one array."""

CURVATURE = ("SophiaH", "AdaHessian")
"""Classes that are given the Hessian's diagonal."""

MATRICES = ("muon", "shampoo", "soap")
"""Methods that need a matrix of weights."""

SHAPES: dict[str, list[tuple[int, ...]]] = {
    "logistic": [(30, 1), (1,)],
    "plain": [(30, 1)],
    "digits": [(64, 16), (16,), (16, 16), (16,), (16, 10), (10,)],
    "iris": [(4, 3), (3,), (3, 3), (3,)],
}
"""Of weights and biases. SOAP is compared where gradients leave no side a null space of several dimensions,
its bases being any there; and with an eps that rounding in a null direction is small beside."""


def problem(model: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, labels and initial parameters: `logistic` on breast cancer, networks on digits and iris."""
    from sklearn import datasets

    load = {
        "logistic": datasets.load_breast_cancer,
        "plain": datasets.load_breast_cancer,
        "digits": datasets.load_digits,
        "iris": datasets.load_iris,
    }
    x, y = load[model](return_X_y=True)
    x, y = x[:150], y[:150]
    deviation = x.std(0)
    x = (x - x.mean(0)) / np.where(deviation > 0, deviation, 1)
    rng = np.random.default_rng(3)
    scales = [np.full(np.prod(shape), shape[0] ** -0.5) for shape in SHAPES[model]]
    return x, y, rng.normal(size=sum(map(len, scales))) * np.concatenate(scales)


def digest(w: np.ndarray) -> np.ndarray:
    """Six products (..., 6) of parameters (..., P) with fixed vectors: they differ if the parameters do."""
    return w @ np.cos(np.outer(np.arange(w.shape[-1]), np.arange(1, 7))) / len(w.T) ** 0.5


def loss(parts: list[Any], x: Any, y: Any) -> Any:
    """Mean cross-entropy in PyTorch, with tanh in hidden layers."""
    from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

    for layer in range(0, len(parts) - 2, 2):
        x = (x @ parts[layer] + parts[layer + 1]).tanh()
    scores = x @ parts[0] if len(parts) == 1 else x @ parts[-2] + parts[-1]
    if scores.shape[1] == 1:
        return binary_cross_entropy_with_logits(scores[:, 0], y.to(x.dtype))
    return cross_entropy(scores, y)


def stepper(library: str, options: dict[str, Any], parts: list[Any]) -> Callable[[], None]:
    """What takes a step from the parts (tensors with gradients) in place."""
    if library in ("optax", "lamb"):
        return _optax_stepper(library, options, parts)
    import pytorch_optimizer
    import torch
    from pytorch_optimizer.optimizer import soap

    class Float64:  # SOAP factors in single precision, whatever it is given
        float32 = torch.float64

        def __getattr__(self, name: str) -> Any:
            return getattr(torch, name)

    soap.torch = Float64()
    if library == "Lookahead":
        method = pytorch_optimizer.Lookahead(torch.optim.Adam(parts, options["lr"]), alpha=options["alpha"])
    else:
        method = getattr(pytorch_optimizer, library)(parts, **options)
    if library == "SOAP":
        method.step()  # it only looks at the first gradient
    return method.step


def diagonal(parts: list[Any], x: Any, y: Any, t: int) -> list[Any]:
    """The Hessian's diagonal, estimated with the random signs of step t of seed 0."""
    import torch

    signs = torch.tensor(
        np.where(stream(Purpose.RULE, 0, t).random(sum(part.numel() for part in parts)) < 0.5, -1.0, 1.0)
    )
    pieces = signs.split([part.numel() for part in parts])
    signs = [piece.reshape(part.shape) for piece, part in zip(pieces, parts, strict=True)]
    slopes = torch.autograd.grad(loss(parts, x, y), parts, create_graph=True)
    products = torch.autograd.grad(slopes, parts, signs)
    return [sign * product for sign, product in zip(signs, products, strict=True)]


def _optax_stepper(library: str, options: dict[str, Any], parts: list[Any]) -> Callable[[], None]:
    import jax
    import optax
    import torch

    jax.config.update("jax_enable_x64", True)
    if library == "lamb":
        method = optax.lamb(**options)
    else:
        rate = options["learning_rate"]
        parted = {"matrix": optax.contrib.muon(**options), "vector": optax.adam(rate)}
        method = optax.partition(parted, ["vector" if part.ndim == 1 else "matrix" for part in parts])
    update, state = jax.jit(method.update), method.init([part.detach().numpy() for part in parts])

    def step() -> None:
        nonlocal state
        w = [part.detach().numpy() for part in parts]
        change, state = update([part.grad.numpy() for part in parts], state, w)
        with torch.no_grad():
            for part, by in zip(parts, change, strict=True):
                part += torch.tensor(np.array(by))

    return step


def trajectory(model: str, library: str, options: dict[str, Any]) -> list[list[float]]:
    """Digests of the parameters after the stored steps."""
    import torch

    x, y, start = (torch.tensor(array) for array in problem(model))
    sizes = [int(np.prod(shape)) for shape in SHAPES[model]]
    pieces = zip(start.split(sizes), SHAPES[model], strict=True)
    parts = [piece.reshape(shape).clone().requires_grad_() for piece, shape in pieces]

    def differentiate() -> None:
        for part in parts:
            part.grad = None
        loss(parts, x, y).backward()

    differentiate()
    step = stepper(library, options, parts)
    stored = []
    for number in range(1, STEPS + 1):
        differentiate()
        if library in CURVATURE:
            due = (number - 1) % options.get("update_period", 1) == 0
            step(hessian=diagonal(parts, x, y, number) if due else None)
        else:
            step()
        if number in STORED:
            w = torch.cat([part.detach().ravel() for part in parts]).numpy()
            stored.append(digest(w).tolist())
    return stored


def main() -> None:
    import torch

    torch.set_num_threads(1)
    result = {
        case: {
            model: trajectory(model, library, options)
            for model in SHAPES
            if (model == "plain") == (name in WRAPPERS) and (model != "logistic" or name not in MATRICES)
        }
        for case, (name, _, library, options) in CASES.items()
    }
    (HERE / "layer_trajectories.json").write_text(json.dumps(result, indent=0) + "\n")


if __name__ == "__main__":
    main()
