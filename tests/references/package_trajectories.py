"""Regenerates package_trajectories.json: what the authors' packages and optax do on two small problems.

    python tests/references/package_trajectories.py

Needs optax 0.2.8, torch, schedulefree 1.4, prodigyopt 1.1, dadaptation 3.2, dog-optimizer 1.0, dowg 0.3,
momo-opt 0.1 and jaxopt 0.8. All is float64. Values and gradients are optlab's: only the optimizer is tested.
"""

import json
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import numpy as np

from optlab.core.arrays import Array
from optlab.datasets.dataset import Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from tests.references.pytorch_trajectories import HERE, STEPS, STORED, problem

FILE = HERE / "package_trajectories.json"

Options = dict[str, Any]
CASES: dict[str, tuple[str, Options, str, Options]] = {
    "adabelief": ("adabelief", {"lr": 0.05}, "optax.adabelief", {"learning_rate": 0.05}),
    "adabelief-betas": (
        "adabelief",
        {"lr": 0.05, "beta1": 0.7, "beta2": 0.9, "eps": 1e-3, "eps_root": 1e-4},
        "optax.adabelief",
        {"learning_rate": 0.05, "b1": 0.7, "b2": 0.9, "eps": 1e-3, "eps_root": 1e-4},
    ),
    "yogi": ("yogi", {"lr": 0.05}, "optax.yogi", {"learning_rate": 0.05}),
    "yogi-betas": (
        "yogi",
        {"lr": 0.05, "beta1": 0.7, "beta2": 0.9, "eps": 1e-2},
        "optax.yogi",
        {"learning_rate": 0.05, "b1": 0.7, "b2": 0.9, "eps": 1e-2},
    ),
    "adan": ("adan", {"lr": 0.05}, "optax.adan", {"learning_rate": 0.05}),
    "adan-decay": (
        "adan",
        {"lr": 0.05, "beta1": 0.9, "beta2": 0.7, "beta3": 0.95, "weight_decay": 0.1},
        "optax.adan",
        {"learning_rate": 0.05, "b1": 0.9, "b2": 0.7, "b3": 0.95, "weight_decay": 0.1},
    ),
    "ademamix": ("ademamix", {"lr": 0.05}, "optax.contrib.ademamix", {"learning_rate": 0.05}),
    "ademamix-decay": (
        "ademamix",
        {"lr": 0.05, "beta1": 0.7, "beta2": 0.95, "beta3": 0.98, "alpha": 2.0, "weight_decay": 0.1},
        "optax.contrib.ademamix",
        {"learning_rate": 0.05, "b1": 0.7, "b2": 0.95, "b3": 0.98, "alpha": 2.0, "weight_decay": 0.1},
    ),
    "adopt": ("adopt", {"lr": 0.05}, "optax.contrib.adopt", {"learning_rate": 0.05}),
    "adopt-unclipped": (
        "adopt",
        {"lr": 0.05, "beta1": 0.7, "beta2": 0.9, "clipping": False},
        "optax.contrib.adopt",
        {"learning_rate": 0.05, "b1": 0.7, "b2": 0.9, "use_clipping": False},
    ),
    "dog": ("dog", {}, "dog.DoG", {}),
    "dog-decay": (
        "dog",
        {"lr": 0.5, "r_eps": 1e-3, "eps": 1e-2, "weight_decay": 0.1},
        "dog.DoG",
        {"lr": 0.5, "reps_rel": 1e-3, "eps": 1e-2, "weight_decay": 0.1},
    ),
    "dowg": ("dowg", {"eps": 1 - 0.9999}, "dowg.ScalarDoWG", {"eps": 0.9999, "clip": np.inf}),
    "d_adapt_sgd": ("d_adapt_sgd", {}, "dadaptation.DAdaptSGD", {}),
    "d_adapt_sgd-momentum": (
        "d_adapt_sgd",
        {"lr": 0.5, "momentum": 0.5, "d0": 1e-3},
        "dadaptation.DAdaptSGD",
        {"lr": 0.5, "momentum": 0.5, "d0": 1e-3},
    ),
    "d_adapt_adagrad": ("d_adapt_adagrad", {}, "dadaptation.DAdaptAdaGrad", {}),
    "d_adapt_adagrad-momentum": (
        "d_adapt_adagrad",
        {"lr": 0.5, "momentum": 0.5, "eps": 1e-2, "d0": 1e-3},
        "dadaptation.DAdaptAdaGrad",
        {"lr": 0.5, "momentum": 0.5, "eps": 1e-2, "d0": 1e-3},
    ),
    "d_adapt_adam": ("d_adapt_adam", {}, "dadaptation.DAdaptAdam", {}),
    "d_adapt_adam-betas": (
        "d_adapt_adam",
        {"lr": 0.5, "beta1": 0.7, "beta2": 0.9, "eps": 1e-2, "d0": 1e-3},
        "dadaptation.DAdaptAdam",
        {"lr": 0.5, "betas": (0.7, 0.9), "eps": 1e-2, "d0": 1e-3},
    ),
    "prodigy": ("prodigy", {}, "prodigyopt.Prodigy", {}),
    "prodigy-decay": (
        "prodigy",
        {"lr": 0.5, "beta1": 0.7, "beta2": 0.9, "d0": 1e-3, "d_coef": 2.0, "weight_decay": 0.1},
        "prodigyopt.Prodigy",
        {"lr": 0.5, "betas": (0.7, 0.9), "d0": 1e-3, "d_coef": 2.0, "weight_decay": 0.1},
    ),
    "schedule_free_sgd": ("schedule_free_sgd", {}, "schedulefree.SGDScheduleFreeReference", {}),
    "schedule_free_sgd-decay": (
        "schedule_free_sgd",
        {"lr": 0.5, "momentum": 0.7, "weight_decay": 0.1, "power": 1.0},
        "schedulefree.SGDScheduleFreeReference",
        {"lr": 0.5, "momentum": 0.7, "weight_decay": 0.1, "r": 1.0},
    ),
    "schedule_free_adamw": (
        "schedule_free_adamw",
        {"lr": 0.05},
        "schedulefree.AdamWScheduleFreeReference",
        {"lr": 0.05},
    ),
    "schedule_free_adamw-decay": (
        "schedule_free_adamw",
        {"lr": 0.1, "beta1": 0.7, "beta2": 0.9, "weight_decay": 0.1, "power": 1.0},
        "schedulefree.AdamWScheduleFreeReference",
        {"lr": 0.1, "betas": (0.7, 0.9), "weight_decay": 0.1, "r": 1.0},
    ),
    "l_dog": ("l_dog", {}, "dog.LDoG", {}),
    "l_dog-decay": (
        "l_dog",
        {"lr": 0.5, "r_eps": 1e-3, "eps": 1e-2, "weight_decay": 0.1},
        "dog.LDoG",
        {"lr": 0.5, "reps_rel": 1e-3, "eps": 1e-2, "weight_decay": 0.1},
    ),
    "novograd": ("novograd", {"lr": 0.05}, "optax.novograd", {"learning_rate": 0.05}),
    "novograd-decay": (
        "novograd",
        {"lr": 0.02, "beta1": 0.7, "beta2": 0.9, "eps": 1e-2, "weight_decay": 0.1},
        "optax.novograd",
        {"learning_rate": 0.02, "b1": 0.7, "b2": 0.9, "eps": 1e-2, "weight_decay": 0.1},
    ),
    "adafactor": ("adafactor", {"lr": 0.1}, "tests.references.package_trajectories.adafactor", {"lr": 0.1}),
    "adafactor-factored": (
        "adafactor",
        {"lr": 0.01, "decay": 0.5, "clipping": 0.3, "relative": False, "factored_from": 2},
        "tests.references.package_trajectories.adafactor",
        {"lr": 0.01, "decay": 0.5, "clipping": 0.3, "relative": False, "factored_from": 2},
    ),
    "polyak": (
        "polyak",
        {"lr": 0.9, "optimum": 0.5},
        "optax.polyak_sgd",
        {"max_learning_rate": np.inf, "scaling": 1 / 0.9, "f_min": 0.5, "variant": "sps+"},
    ),
    "sps_max": ("sps_max", {}, "optax.polyak_sgd", {}),
    "sps_max-c": (
        "sps_max",
        {"lr": 0.5, "c": 2.0, "bound": -1.0},
        "optax.polyak_sgd",
        {"max_learning_rate": 0.25, "scaling": 2.0, "f_min": -1.0},  # optax divides by the square of scaling
    ),
    "momo": ("momo", {}, "momo.Momo", {}),
    "momo-bound": (
        "momo",
        {"lr": 0.5, "beta": 0.7, "bound": 0.2},
        "momo.Momo",
        {"lr": 0.5, "beta": 0.7, "lb": 0.2},
    ),
    "momo_adam": ("momo_adam", {"lr": 0.1}, "momo.MomoAdam", {"lr": 0.1}),
    "momo_adam-bound": (
        "momo_adam",
        {"lr": 0.5, "beta1": 0.7, "beta2": 0.9, "eps": 1e-3, "bound": 0.2},
        "momo.MomoAdam",
        {"lr": 0.5, "betas": (0.7, 0.9), "eps": 1e-3, "lb": 0.2},
    ),
    "sls": ("sls", {"lr": 10.0}, "jaxopt.ArmijoSGD", {"max_stepsize": 10.0}),
    "sls-trials": (
        "sls",
        {"lr": 100.0, "armijo": 0.3, "shrink": 0.5, "grow": 3.0, "trials": 3},
        "jaxopt.ArmijoSGD",
        {
            "max_stepsize": 100.0,
            "aggressiveness": 0.7,
            "decrease_factor": 0.5,
            "increase_factor": 3.0,
            "maxls": 3,
        },
    ),
}
"""optlab's optimizer and options -> the package's class and its names of the same options."""


def objective(model: str) -> tuple[Oracle, Array]:
    """The cost of a small problem, and where the optimizers start, (1, P)."""
    x, y, start = problem(model)
    factory = MODELS.get(model)
    network = factory(4, 2) if model == "logistic" else factory(4, 3, hidden=[3], activation="tanh")
    return Oracle(Objective(network, network.prepare(Part(x, y), np.dtype(float)))), start[None]


def adafactor(
    lr: float, decay: float = 0.8, clipping: float = 1.0, relative: bool = True, factored_from: int = 128
):
    """optax.adafactor from its parts, with a decay in double precision."""
    import optax

    scale = optax.scale_by_factored_rms(
        min_dim_size_to_factor=factored_from, decay_rate_fn=lambda t, _: 1 - (t + 1.0) ** -decay
    )
    size = optax.scale_by_param_block_rms() if relative else optax.identity()
    return optax.chain(scale, optax.clip_by_block_rms(clipping), optax.scale(lr), size, optax.scale(-1))


def trajectory(oracle: Oracle, start: Array, target: str, options: Options) -> list[Array]:
    """Parameters (P,) after every step that the optimizer `target` of a package takes from `start` (1, P)."""
    module, name = target.rsplit(".", 1)
    factory = getattr(import_module(module), name)
    library = module.split(".")[0]
    steps = {"optax": _optax_steps, "tests": _optax_steps, "jaxopt": _jaxopt_steps}.get(library, _torch_steps)
    return steps(oracle, start, factory, options)


def _split(oracle: Oracle, w: Array) -> list[Array]:
    """The weights and biases of all layers, from parameters (P,)."""
    return [layer.view(w[None])[0] for layer in oracle.layers]


def _join(parts: Iterable[Any]) -> Array:
    """Parameters (1, P) from weights and biases."""
    return np.concatenate([np.ravel(part) for part in parts])[None]


def _optax_steps(oracle: Oracle, start: Array, factory: Callable[..., Any], options: Options) -> list[Array]:
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    w = [jax.numpy.array(part) for part in _split(oracle, start[0])]
    method, path = optax.with_extra_args_support(factory(**options)), []
    state = method.init(w)
    for _ in range(STEPS):
        value, g = oracle.value_and_gradient(_join(w))
        updates, state = method.update(_split(oracle, g[0]), state, w, value=value[0])
        w = optax.apply_updates(w, updates)
        path.append(_join(w)[0])
    return path


def _jaxopt_steps(oracle: Oracle, start: Array, factory: Callable[..., Any], options: Options) -> list[Array]:
    import jax

    jax.config.update("jax_enable_x64", True)

    def value_and_gradient(w: Any) -> Any:
        return tuple(jax.numpy.array(part[0]) for part in oracle.value_and_gradient(np.array(w)[None]))

    method = factory(value_and_gradient, value_and_grad=True, jit=False, unroll=True, **options)
    w, path = jax.numpy.array(start[0]), []
    with jax.disable_jit():
        state = method.init_state(w)
        for _ in range(STEPS):
            w, state = method.update(w, state)
            path.append(np.array(w))
    return path


def _torch_steps(oracle: Oracle, start: Array, factory: Callable[..., Any], options: Options) -> list[Array]:
    import torch

    w = [torch.tensor(part, requires_grad=True) for part in _split(oracle, start[0])]
    method, path = factory(w, **options), []
    if hasattr(method, "train"):  # a schedule-free method, whose answer is the average x
        method.train()

    def closure() -> Any:
        value, g = oracle.value_and_gradient(_join(part.detach().numpy() for part in w))
        for part, own in zip(w, _split(oracle, g[0]), strict=True):
            part.grad = torch.tensor(own)
        return torch.tensor(value[0])

    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)  # some packages keep numbers in it
    try:
        for _ in range(STEPS):
            method.step(closure)
            path.append(_join(method.state[part].get("x", part).detach().numpy() for part in w)[0])
    finally:
        torch.set_default_dtype(usual)
    return path


def main() -> None:
    trajectories: dict[str, Any] = {case: {} for case in CASES}
    for case, (_, _, target, options) in CASES.items():
        for model in ("logistic", "mlp"):
            path = trajectory(*objective(model), target, options)
            trajectories[case][model] = [path[step - 1].tolist() for step in STORED]
    FILE.write_text(json.dumps({"steps": STORED, "trajectories": trajectories}, indent=0) + "\n")


if __name__ == "__main__":
    main()
