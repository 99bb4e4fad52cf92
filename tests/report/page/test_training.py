import json
import shlex

import pandas as pd
import pytest
from omegaconf import open_dict

from optlab.core.shipped import folder
from optlab.launch.compose import job_config
from optlab.launch.hydra_patches import compose
from optlab.launch.search import register_resolvers
from optlab.report.page.training import training_command
from optlab.runs.schema import Schema

CHOICES = {
    "defaults": [],
    "a problem and its seed": ["problem=digits_mlp", "optimizer=momentum", "optimizer.lr=0.0316", "seed=3",
                               "dataset.split_seed=3", "training.record_every=log"],
    "lists and null": ["dataset=digits", "model=mlp", "model.hidden=[16,8]", "training.epochs=null",
                       "training.max_steps=7", "optimizer.layer_rates=[1,0.5,0.25]"],
    "a schedule": ["schedule=cosine", "schedule.warmup_steps=5", "dtype=float32", "optimizer=sgd"],
    "an own table": ["dataset=csv", 'dataset.path="/my data/a, b.csv"', "dataset.target='null'"],
    "a share": ["model.l1=0.1*max", "optimizer=fista", "optimizer.lr=auto"],
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def resolvers():
    register_resolvers()


def composed(overrides):
    config = compose(str(folder("conf")), "config", overrides)
    hydra = config.hydra
    with open_dict(config):
        del config["hydra"]
    return Schema().canonical(job_config(config, hydra))


@pytest.mark.parametrize("choice", CHOICES)
def test_the_command_gives_the_same_configuration(choice):
    config = composed(CHOICES[choice])
    run = pd.Series({"run_id": "1f", "config": json.dumps(config)})
    program, *overrides = shlex.split(training_command(run, "results/mine"))
    assert program == "optlab"
    assert composed(overrides) == config


def test_it_says_nothing_that_is_so_anyway():
    run = pd.Series({"run_id": "1f", "config": json.dumps(composed(["optimizer.lr=0.1"]))})
    assert training_command(run, "results/mine") == (
        "optlab dataset=breast_cancer model=logistic optimizer=adam optimizer.lr=0.1"
    )


def test_a_users_own_method_is_trained_by_its_id():
    config = composed([])
    run = pd.Series({"run_id": "1f", "config": json.dumps(config | {"optimizer": {"name": "mine"}})})
    assert training_command(run, "my results") == "optlab-verify 'my results' --run 1f"
