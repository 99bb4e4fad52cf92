"""Small tables of runs, written by hand."""

import json

import numpy as np
import pandas as pd
import pytest

from optlab.analysis.problem.problems import with_problems
from optlab.analysis.problem.seeds import with_roles
from optlab.analysis.study import Study
from optlab.store.read import Results


@pytest.fixture
def table():
    """Makes a `runs` table from rows of (optimizer, lr, seed, cost); `None` as cost is a diverged run."""

    def made(*rows, **columns):
        runs = []
        for number, (optimizer, lr, seed, cost) in enumerate(rows):
            config = {
                "dataset": {"name": "pima", "split_seed": 0},
                "model": {"name": "logistic", "l2": 0.0},
                "optimizer": {"name": optimizer, "lr": lr},
                "training": {"batch_size": None, "epochs": 10, "record_every": "epoch"},
                "seed": seed,
            }
            runs.append(
                {
                    "run_id": f"{number:016x}",
                    "stack_id": "stack",
                    "dataset": "pima",
                    "data_version": "",
                    "model": "logistic",
                    "optimizer": optimizer,
                    "lr": lr,
                    "seed": seed,
                    "batch_size": np.nan,
                    "status": "diverged" if cost is None else "completed",
                    "steps": 10,
                    "epochs": 10.0,
                    "reached": 10.0,
                    "final_train_cost": np.nan if cost is None else cost,
                    "final_train_accuracy": np.nan if cost is None else 1 - cost,
                    "final_validation_cost": np.nan,
                    "final_validation_accuracy": np.nan,
                    "final_test_cost": np.nan,
                    "final_test_accuracy": np.nan,
                    "final_nonzeros": np.nan,
                    "seconds": 0.5,
                    "stack_size": 1,
                    "config": json.dumps(config),
                    "optimum": np.nan,
                    "optimum_gap": np.nan,
                    "least_gap": np.nan,
                    "rounding": np.nan,
                    "final_gap": np.nan,
                }
            )
        return pd.DataFrame(runs).assign(**columns)

    return made


@pytest.fixture
def judge():
    """Makes the study of a table of runs, each with a single recorded point; of minima nothing is known."""

    def made(runs, metric="final_train_cost"):
        none = dict.fromkeys(("value_evals", "hvp_evals", "hessian_evals"), 0.0)
        points = runs[["run_id"]].assign(
            step=10, epoch=10.0, train_cost=runs["final_train_cost"], gradient_evals=10.0, **none
        )
        return Study(Results(runs, points, None, ()), with_roles(with_problems(runs)), metric)

    return made


@pytest.fixture
def changed():
    """Sets an option in the configuration of some runs."""

    def apply(runs, rows, section, option, value):
        configs = [json.loads(text) for text in runs["config"]]
        for row in rows:
            configs[row].setdefault(section, {})[option] = value
        return runs.assign(config=[json.dumps(config) for config in configs])

    return apply
