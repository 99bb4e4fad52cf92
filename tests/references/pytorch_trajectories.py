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

CLIP_NORM = "clip_norm"
"""Not an option of an optimizer: norm that gradients are clipped to before a step."""

GROUPS = "groups"
"""Not an option of an optimizer: its parameter groups, with rates that are cut to the layers of the model."""

LAYER_RATES = [1.0, 0.2]
PARTS = {"logistic": [4, 1], "mlp": [12, 3, 9, 3]}
"""Numbers of weights and biases, layer by layer."""

# optlab's optimizer and options -> PyTorch's class and its names of the same options
CASES: dict[str, tuple[str, dict[str, Any], str, dict[str, Any]]] = {
    "sgd": ("sgd", {"lr": 0.3}, "SGD", {"lr": 0.3}),
    "momentum": ("momentum", {"lr": 0.1, "momentum": 0.8}, "SGD", {"lr": 0.1, "momentum": 0.8}),
    "momentum-dampening": (
        "momentum",
        {"lr": 0.1, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.1},
        "SGD",
        {"lr": 0.1, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.1},
    ),
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
    "rmsprop-momentum": (
        "rmsprop",
        {"lr": 0.01, "momentum": 0.7, "weight_decay": 0.1},
        "RMSprop",
        {"lr": 0.01, "momentum": 0.7, "weight_decay": 0.1},
    ),
    "rmsprop-centered": (
        "rmsprop",
        {"lr": 0.01, "rho": 0.9, "momentum": 0.5, "centered": True},
        "RMSprop",
        {"lr": 0.01, "alpha": 0.9, "momentum": 0.5, "centered": True},
    ),
    "adamw": ("adamw", {"lr": 0.05}, "AdamW", {"lr": 0.05}),
    "adamw-decay": (
        "adamw",
        {"lr": 0.05, "beta1": 0.7, "weight_decay": 0.3},
        "AdamW",
        {"lr": 0.05, "betas": (0.7, 0.999), "weight_decay": 0.3},
    ),
    "amsgrad": (
        "amsgrad",
        {"lr": 0.1, "beta2": 0.8, "weight_decay": 0.1},
        "Adam",
        {"lr": 0.1, "betas": (0.9, 0.8), "weight_decay": 0.1, "amsgrad": True},
    ),
    "adamax": (
        "adamax",
        {"lr": 0.05, "beta2": 0.9, "weight_decay": 0.1},
        "Adamax",
        {"lr": 0.05, "betas": (0.9, 0.9), "weight_decay": 0.1},
    ),
    "nadam": ("nadam", {"lr": 0.05}, "NAdam", {"lr": 0.05}),
    "nadam-decay": (
        "nadam",
        {"lr": 0.05, "beta1": 0.8, "momentum_decay": 0.1, "weight_decay": 0.1},
        "NAdam",
        {"lr": 0.05, "betas": (0.8, 0.999), "momentum_decay": 0.1, "weight_decay": 0.1},
    ),
    "radam": ("radam", {"lr": 0.05}, "RAdam", {"lr": 0.05}),
    "radam-decay": (
        "radam",
        {"lr": 0.05, "beta2": 0.9, "weight_decay": 0.1},
        "RAdam",
        {"lr": 0.05, "betas": (0.9, 0.9), "weight_decay": 0.1},
    ),
    "rprop": ("rprop", {"lr": 0.05}, "Rprop", {"lr": 0.05}),
    "rprop-limits": (
        "rprop",
        {"lr": 0.05, "shrink": 0.3, "grow": 1.5, "smallest": 1e-3, "largest": 0.2},
        "Rprop",
        {"lr": 0.05, "etas": (0.3, 1.5), "step_sizes": (1e-3, 0.2)},
    ),
    "lbfgs": (  # not 10 pairs: there PyTorch's own end moves by 9e-10 if the start is moved by a rounding
        "lbfgs",
        {"lr": 0.1, "line_search": "none", "history": 15},
        "LBFGS",
        {"lr": 0.1, "max_iter": 1, "history_size": 15},
    ),
    "lbfgs-left-out": (  # of the network, two pairs with negative curvature
        "lbfgs",
        {"lr": 0.3, "line_search": "none", "history": 6},
        "LBFGS",
        {"lr": 0.3, "max_iter": 1, "history_size": 6},
    ),
    "averaged_sgd": (
        "averaged_sgd",
        {"lr": 0.3, "start": 11, "weight_decay": 0.1},
        "ASGD",
        {"lr": 0.3, "lambd": 0.0, "t0": 10, "weight_decay": 0.1},
    ),
    **{
        f"{name}-decay": (name, {**ours, "weight_decay": 0.1}, theirs, {**options, "weight_decay": 0.1})
        for name, ours, theirs, options in [
            ("sgd", {"lr": 0.3}, "SGD", {"lr": 0.3}),
            ("momentum", {"lr": 0.1}, "SGD", {"lr": 0.1, "momentum": 0.9}),
            ("nesterov", {"lr": 0.1}, "SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
            ("adagrad", {"lr": 0.2}, "Adagrad", {"lr": 0.2}),
            ("adadelta", {"lr": 3.0}, "Adadelta", {"lr": 3.0}),
            ("adam", {"lr": 0.05}, "Adam", {"lr": 0.05}),
        ]
    },
    "adamw-groups": (
        "adamw",
        {"lr": 0.05, "weight_decay": 0.3, GROUPS: {"decay_biases": False, "layer_rates": LAYER_RATES}},
        "AdamW",
        {"lr": 0.05, "weight_decay": 0.3, GROUPS: {"decay_biases": False, "layer_rates": LAYER_RATES}},
    ),
    "nesterov-groups": (
        "nesterov",
        {"lr": 0.1, "weight_decay": 0.1, GROUPS: {"decay_biases": False, "layer_rates": None}},
        "SGD",
        {
            "lr": 0.1,
            "momentum": 0.9,
            "nesterov": True,
            "weight_decay": 0.1,
            GROUPS: {"decay_biases": False, "layer_rates": None},
        },
    ),
    "clipped": (
        "momentum",
        {"lr": 0.1, "weight_decay": 0.1, CLIP_NORM: 0.2},
        "SGD",
        {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.1, CLIP_NORM: 0.2},
    ),
}


NUMBER = "number"
"""Not an option of a scheduler: which number of the optimizer is watched, lr if it is not said."""

# optlab's schedule and options -> PyTorch's class and its options, warm-up put in front by SequentialLR
SCHEDULES: dict[str, tuple[str, dict[str, Any], str, dict[str, Any]]] = {
    "constant": ("constant", {}, "ConstantLR", {"factor": 1.0}),
    "step": ("step", {"step_size": 7, "gamma": 0.3}, "StepLR", {"step_size": 7, "gamma": 0.3}),
    "exponential": ("exponential", {"gamma": 0.9}, "ExponentialLR", {"gamma": 0.9}),
    "cosine": ("cosine", {}, "CosineAnnealingLR", {"T_max": STEPS}),
    "cosine-final": (
        "cosine",
        {"steps": 60, "final": 0.2, "warmup_steps": 20},
        "CosineAnnealingLR",
        {"T_max": 40, "eta_min": 0.2},
    ),
    "restarts": ("cosine_restarts", {"length": 13}, "CosineAnnealingWarmRestarts", {"T_0": 13}),
    "restarts-growth": (
        "cosine_restarts",
        {"length": 7, "growth": 2, "final": 0.1},
        "CosineAnnealingWarmRestarts",
        {"T_0": 7, "T_mult": 2, "eta_min": 0.1},
    ),
    "one_cycle": ("one_cycle", {}, "OneCycleLR", {"max_lr": 1.0, "total_steps": STEPS}),
    "one_cycle-linear": (
        "one_cycle",
        {"rise": 0.4, "start": 0.1, "final": 1e-3, "shape": "linear"},
        "OneCycleLR",
        {
            "max_lr": 1.0,
            "total_steps": STEPS,
            "pct_start": 0.4,
            "div_factor": 10,
            "final_div_factor": 100,
            "anneal_strategy": "linear",
        },
    ),
    "one_cycle-momentum": (
        "one_cycle",
        {"start": 1.0, "middle": 0.85, "final": 1.0},
        "OneCycleLR",
        {"max_lr": 1.0, "total_steps": STEPS, "base_momentum": 0.85, "max_momentum": 1.0, NUMBER: "momentum"},
    ),
    "linear": (
        "linear",
        {"steps": 30, "final": 0.1},
        "LinearLR",
        {"start_factor": 1.0, "end_factor": 0.1, "total_iters": 30},
    ),
    "linear-warmup": (
        "linear",
        {"warmup_steps": 20},
        "LinearLR",
        {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 40},
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
    """Parameters after the stored steps; of ASGD, their mean."""
    import torch

    x, y, start = (torch.tensor(array) for array in problem(model))
    clip_norm = options.get(CLIP_NORM, np.inf)
    groups = options.get(GROUPS)
    options = {key: value for key, value in options.items() if key not in (CLIP_NORM, GROUPS)}
    parts = [part.clone().requires_grad_() for part in start.split(PARTS[model] if groups else len(start))]
    method = getattr(torch.optim, optimizer)([{"params": [part]} for part in parts], **options)
    for place, group in enumerate(method.param_groups if groups else []):
        group["lr"] *= (groups["layer_rates"] or [1.0, 1.0])[place // 2]
        group["weight_decay"] *= 1 - place % 2 * (not groups["decay_biases"])
    stored = []
    for step in range(1, STEPS + 1):

        def closure() -> Any:
            method.zero_grad()
            loss = pytorch_loss(model, torch.cat(parts), x, y)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parts, clip_norm)
            return loss

        method.step(closure)
        if step in STORED:
            ends = [method.state[part].get("ax", part) for part in parts]  # ASGD keeps its mean there
            stored.append(torch.cat(ends).tolist())
    return stored


def factors(options: dict[str, Any], scheduler: str, theirs: dict[str, Any]) -> list[float]:
    """Learning rates, or other numbers, of 1 without a schedule, of every step."""
    import torch
    from torch.optim import lr_scheduler

    method = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0, momentum=1.0)
    number = theirs.get(NUMBER, "lr")
    schedule = getattr(lr_scheduler, scheduler)(method, **{k: v for k, v in theirs.items() if k != NUMBER})
    warmup = options.get("warmup_steps", 0)
    if warmup:
        rise = lr_scheduler.LambdaLR(method, lambda k: (k + 1) / warmup)
        schedule = lr_scheduler.SequentialLR(method, [rise, schedule], [warmup])
    values = []
    for _ in range(STEPS):
        values.append(method.param_groups[0][number])
        method.step()
        schedule.step()
    return values


def main() -> None:
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)  # NAdam and ASGD keep numbers in their state, else in float32
    result = {
        "torch": torch.__version__.split("+")[0],
        "steps": STORED,
        "trajectories": {
            case: {model: trajectory(model, theirs, options) for model in ("logistic", "mlp")}
            for case, (_, _, theirs, options) in CASES.items()
        },
        "factors": {
            case: factors(options, scheduler, theirs)
            for case, (_, options, scheduler, theirs) in SCHEDULES.items()
        },
    }
    (HERE / "pytorch_trajectories.json").write_text(json.dumps(result, indent=0) + "\n")


if __name__ == "__main__":
    main()
