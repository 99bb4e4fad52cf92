"""Synthetic results: gradient descent on a noisy quadratic, in the tables of a result folder."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from optlab.analysis.comparison.problem_comparison import COLUMNS
from optlab.analysis.study import Study, study
from optlab.report.figures import figures
from optlab.store.read import Results

RATES = [float(f"{rate:.3g}") for rate in np.geomspace(1e-3, 10, 9)]
OPTIMIZERS = {  # how much the method makes of a learning rate, and how well it does at its best rate
    "sgd": (0.3, 0.02), "momentum": (1.6, 0.07), "nesterov": (1.8, 0.1), "adagrad": (0.2, 0.05),
    "rmsprop": (0.6, 0.08), "adam": (1.0, 0.12), "newton": (6.0, 1.0),
}  # fmt: skip


def stored(
    optimizers=OPTIMIZERS,
    rates=RATES,
    seeds=5,
    problems=("breast_cancer", "digits"),
    steps=100,
    stack_size=40,
    validation=True,
    test=True,
    noise=0.002,
) -> Results:
    """A sweep in which a rate that is too large for its optimizer diverges and `newton` converges early."""
    runs, trajectories = [], []
    fractions = {"test_fraction": 0.2, "validation_fraction": 0.2}
    for p, dataset in enumerate(problems):
        for optimizer in optimizers:
            speed = optimizers[optimizer] if isinstance(optimizers, dict) else (1.0, 0.1)
            for lr in rates:
                for seed in range(seeds):
                    run_id = f"{len(runs):016x}"
                    run, path = _trained(speed, lr, seed, p, steps, noise, stops=optimizer == "newton")
                    model = {"name": "softmax", "l2": 0.0} if p % 2 else {"name": "logistic", "l2": 0.01}
                    config = {
                        "dataset": {"name": dataset, "standardize": True, "split_seed": 0, **fractions},
                        "model": model,
                        "optimizer": {"name": optimizer, "lr": lr},
                        "schedule": {"name": "constant"},
                        "training": {"batch_size": 128 if p % 2 else None, "epochs": steps},
                        "seed": seed, "dtype": "float64", "experiment": "demo",
                    }  # fmt: skip
                    for part, there in (("validation", validation), ("test", test)):
                        if not there:
                            path[f"{part}_cost"] = path[f"{part}_accuracy"] = np.nan
                    last = path.iloc[-1]
                    finals = {f"final_{c}": last[c] for c in path if c.endswith(("cost", "accuracy"))}
                    runs.append(
                        {"run_id": run_id, "dataset": dataset, "model": model["name"], "optimizer": optimizer,
                         "lr": lr,
                         "seed": seed, "batch_size": 128 if p % 2 else np.nan, **run, **finals,
                         "best_validation_cost": path["validation_cost"].min(), "seconds": last["seconds"],
                         "stack_id": "s", "stack_size": stack_size, "overrides": f"optimizer.lr={lr}",
                         "config": json.dumps(config)}
                    )  # fmt: skip
                    trajectories.append(path.assign(run_id=run_id))
    points = pd.concat(trajectories, ignore_index=True)
    return Results(pd.DataFrame(runs), points, None, (Path("results/demo"),))


def _trained(speed, lr, seed, p, steps, noise, stops):
    """Each step shrinks the excess cost, most at ``speed lr = 4``; noise leaves a floor."""
    speed, power = speed
    rng = np.random.default_rng([seed, p, int(1e6 * lr), int(speed * 100)])
    bottom, top = (0.05, 0.6931) if p % 2 == 0 else (0.21, 2.3026)
    rate = 1 - power * (1 - (1 - np.clip(speed * lr, 0, 40) / 4) ** 2)
    rate = rate if speed * lr < 8 else rate + 1
    step = np.arange(steps + 1)
    floor = noise * lr * speed * (1 + 0.3 * rng.standard_normal())
    with np.errstate(over="ignore"):
        cost = bottom + (top - bottom) * np.exp(np.log(max(rate, 1e-3)) * step) + abs(floor) * (step > 0)
    status = "completed"
    if (cost > 1e6 * top).any():
        cut = int(np.argmax(cost > 1e6 * top)) + 1
        status, cost, step = "diverged", cost[:cut], step[:cut]
        cost[-1] = np.nan
    elif stops and (np.abs(np.diff(cost)) < 1e-9).any():
        cut = int(np.argmax(np.abs(np.diff(cost)) < 1e-9)) + 2
        status, cost, step = "converged", cost[:cut], step[:cut]
    accuracy = 0.98 - 0.3 * np.tanh(np.nan_to_num(cost, nan=1.0) / 1.5) + 0.005 * rng.standard_normal()
    path = pd.DataFrame(
        {
            "step": step * (12 if p % 2 else 1),
            "epoch": step.astype(float),
            "seconds": step * 1e-4,
            "train_cost": cost,
            "train_accuracy": accuracy,
            "validation_cost": cost * 1.1,
            "validation_accuracy": accuracy - 0.01,
            "test_cost": cost * 1.12,
            "test_accuracy": accuracy - 0.015,
            "grad_norm": np.abs(cost - bottom) ** 0.5,
            "value_evals": 0.0,
            "gradient_evals": step.astype(float),
            "hvp_evals": 0.0,
            "hessian_evals": 0.0,
        }
    )
    return {"status": status, "steps": int(path["step"].iloc[-1]), "epochs": float(step[-1])}, path


@pytest.fixture(scope="session")
def sweep():
    """Makes synthetic results; its options are those of `stored`."""
    return stored


@pytest.fixture(scope="session")
def mixed(sweep):
    """A method on the full batch beside one on mini-batches, on one problem."""
    results = sweep(["newton", "sgd"], problems=["breast_cancer"], rates=[0.1], seeds=3)
    stochastic = results.runs["optimizer"] == "sgd"
    configs = results.runs["config"].str.replace('"batch_size": null', '"batch_size": 64')
    runs = results.runs.assign(
        config=results.runs["config"].mask(stochastic, configs),
        batch_size=results.runs["batch_size"].mask(stochastic, 64),
    )
    return replace(results, runs=runs)


@pytest.fixture
def known(sweep):
    """A study whose minimum and curvatures are known."""
    found = study(sweep(optimizers=["sgd", "adam"], seeds=3, problems=("breast_cancer",)))
    facts = {
        "optimum": 0.01,
        "optimum_gap": 1e-16,
        "least_gap": 1e-14,
        "rounding": 1e-15,
        "optimum_reason": "",
        "mu": 0.01,
        "sharpness": 0.02,
    }
    runs = found.runs.assign(**facts, L=10.0, final_gap=found.runs["final_train_cost"] - 0.01)
    return replace(found, runs=runs)


@pytest.fixture
def with_points():
    """Makes a study of others with columns of its trajectories replaced."""

    def made(study, **columns):
        return replace(
            study, results=replace(study.results, trajectories=study.trajectories.assign(**columns))
        )

    return made


@pytest.fixture(scope="session")
def draw():
    """Draws a figure by its name: of results, or of a study."""

    def drawn(name, of, **options):
        return figures()[name].make(of if isinstance(of, Study) else study(of), **options)

    return drawn


@pytest.fixture(scope="session")
def drawings():
    """The figures of one kind that a page shows, by the names of their files, each with its caption."""

    def made(name, of):
        judged = of if isinstance(of, Study) else study(of)
        return {drawing.name: drawing.caption(judged) for drawing in figures()[name].drawings(judged)}

    return made


@pytest.fixture
def networks():
    """The comparison of six networks on one data set: two activations, three sizes, two depths."""
    sizes = {(4,): 30, (8,): 60, (8, 8): 130}
    rows = []
    for hidden, parameters in sizes.items():
        for activation in ("relu", "tanh"):
            layers = "-".join(map(str, hidden))
            cost = 10 / parameters + 0.01 * (activation == "tanh")
            row = dict.fromkeys(COLUMNS, 0.9) | {
                "data": "digits", "problem": f"digits · mlp {layers} · activation={activation}",
                "optimizer": "adam", "setting": "lr=0.1", "seeds": 3, "verdict": "not shown to differ",
                "hidden": hidden, "others": f"activation={activation}", "parameters": float(parameters),
            }  # fmt: skip
            costs = {"final_train_cost": 0.5, "train_loss": 0.5, "gap": 1.0,
                     "final_validation_cost": 1.0, "final_test_cost": 1.5}  # fmt: skip
            for name, factor in costs.items():
                value = factor * cost
                row |= {name: value, f"{name}_low": 0.9 * value, f"{name}_high": 1.5 * value}
            rows.append(row)
    found = pd.DataFrame(rows).sort_values("final_validation_cost", ignore_index=True)
    verdicts = ["", *found["verdict"][1:]]
    return found.assign(rank=np.arange(1.0, len(found) + 1), verdict=verdicts)[COLUMNS]


@pytest.fixture
def compared(sweep):
    """Makes a study whose comparison of problems is a given table."""

    def made(table):
        of = study(sweep(optimizers=["adam"], seeds=1, rates=[0.1]))
        vars(of)["problem_comparison"] = table
        return of

    return made
