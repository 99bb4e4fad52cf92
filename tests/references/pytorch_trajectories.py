"""Regenerates pytorch_trajectories.json: what PyTorch's optimizers do on two small problems.

    python tests/references/pytorch_trajectories.py        (needs torch; float64, one thread, no randomness)

The problems are given by `problem`, which the tests call too, so that only parameters are stored.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

STEPS = 60
STORED = [1, 2, 3, 10, 20, 40, 60]
HERE = Path(__file__).parent

# optlab's optimizer and options -> PyTorch's class and its names of the same options
CASES: dict[str, tuple[str, dict[str, Any], str, dict[str, Any]]] = {
    "sgd": ("sgd", {"lr": 0.3}, "SGD", {"lr": 0.3}),
    "momentum": ("momentum", {"lr": 0.1, "momentum": 0.8}, "SGD", {"lr": 0.1, "momentum": 0.8}),
    "nesterov": (
        "nesterov",
        {"lr": 0.1, "momentum": 0.8},
        "SGD",
        {"lr": 0.1, "momentum": 0.8, "nesterov": True},
    ),
    "adagrad": ("adagrad", {"lr": 0.2}, "Adagrad", {"lr": 0.2}),
    "adagrad-accumulator": (
        "adagrad",
        {"lr": 0.2, "eps": 1e-3, "initial_accumulator": 0.5},
        "Adagrad",
        {"lr": 0.2, "eps": 1e-3, "initial_accumulator_value": 0.5},
    ),
    "adadelta": ("adadelta", {}, "Adadelta", {}),
    "adadelta-lr": (
        "adadelta",
        {"lr": 3.0, "rho": 0.7, "eps": 1e-4},
        "Adadelta",
        {"lr": 3.0, "rho": 0.7, "eps": 1e-4},
    ),
    "rmsprop": ("rmsprop", {"lr": 0.02}, "RMSprop", {"lr": 0.02}),
    "rmsprop-rho": (
        "rmsprop",
        {"lr": 0.02, "rho": 0.8, "eps": 1e-2},
        "RMSprop",
        {"lr": 0.02, "alpha": 0.8, "eps": 1e-2},
    ),
    "adam": ("adam", {"lr": 0.05}, "Adam", {"lr": 0.05}),
    "adam-betas": (
        "adam",
        {"lr": 0.05, "beta1": 0.7, "beta2": 0.95, "eps": 1e-3},
        "Adam",
        {"lr": 0.05, "betas": (0.7, 0.95), "eps": 1e-3},
    ),
}


def problem(model: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, labels and initial parameters: `logistic` 5 parameters, `mlp` 4-3-3 with tanh, 27."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(40, 4)) * [1.0, 2.0, 0.5, 1.0]
    score = x @ [1.0, -1.0, 2.0, 0.0] + rng.normal(size=40)
    if model == "logistic":
        return x, (score > 0).astype(int), rng.normal(size=5)
    return x, np.digitize(score, [-1, 1]), rng.normal(size=27)


def pytorch_loss(model: str, w: Any, x: Any, y: Any) -> Any:
    """Mean cross-entropy in PyTorch of the flat parameters w."""
    from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

    if model == "logistic":
        return binary_cross_entropy_with_logits(x @ w[:4] + w[4], y.to(x.dtype))
    hidden = (x @ w[:12].reshape(4, 3) + w[12:15]).tanh()
    return cross_entropy(hidden @ w[15:24].reshape(3, 3) + w[24:], y)


def trajectory(model: str, optimizer: str, options: dict[str, Any]) -> list[list[float]]:
    """Parameters after the stored steps."""
    import torch

    x, y, start = (torch.tensor(array) for array in problem(model))
    w = start.clone().requires_grad_()
    method = getattr(torch.optim, optimizer)([w], **options)
    stored = []
    for step in range(1, STEPS + 1):
        method.zero_grad()
        pytorch_loss(model, w, x, y).backward()
        method.step()
        if step in STORED:
            stored.append(w.detach().tolist())
    return stored


def main() -> None:
    import torch

    torch.set_num_threads(1)
    result = {
        "torch": torch.__version__.split("+")[0],
        "steps": STORED,
        "trajectories": {
            case: {model: trajectory(model, theirs, options) for model in ("logistic", "mlp")}
            for case, (_, _, theirs, options) in CASES.items()
        },
    }
    (HERE / "pytorch_trajectories.json").write_text(json.dumps(result, indent=0) + "\n")


if __name__ == "__main__":
    main()
