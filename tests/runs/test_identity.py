"""Ids of runs: what they depend on, and that they stay.

`identity.json` holds ids and defaults as they were released: an id that changes makes a sweep train again
what is there, a default that changes makes it take for present what is not. What is new is added by::

    python -m tests.runs.test_identity
"""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from optlab import datasets, optimizers
from optlab.core.options import defaults
from optlab.optimizers.groups import Groups
from optlab.optimizers.rule import Method, Rate
from optlab.runs import identity, schema
from optlab.runs.schema import REGISTRIES, Schema
from optlab.training.schedules import every_schedule
from optlab.training.settings import Training

FILE = Path(__file__).with_name("identity.json")

CONFIGS = {
    "all by default": {},
    "a rate": {"optimizer": {"name": "sgd", "lr": 0.5}},
    "a tuple": {"model": {"name": "mlp", "hidden": [4, 3], "l2": 1e-3}},
    "batches": {"training": {"epochs": None, "max_steps": 7, "batch_size": 16}, "seed": 3},
    "float32": {"dtype": "float32", "schedule": {"name": "step", "step_size": 5}},
    "data": {"dataset": {"name": "blobs", "n_samples": 50, "max_rows": 40}},
}


def canonical(changes):
    sections = {"dataset": "moons", "model": "logistic", "optimizer": "adam", "schedule": "constant"}
    base = {section: {"name": name} for section, name in sections.items()}
    return Schema().canonical({**base, "training": {}, **changes})


def run_id(config, sha256="sha"):
    return identity.run_of(config, sha256).run_id


def released():
    """Ids of CONFIGS, and the default of every option of every factory of optlab's."""
    factories = {
        f"{kind} {name}": registry.get(name)
        for kind, registry in REGISTRIES.items()
        for name in registry.names()
        if registry.get(name).__module__.startswith("optlab.")
    }
    factories |= {
        f.__name__: f
        for f in (datasets.Common, schema.penalty, every_schedule, Groups, schema.settings, Training)
    }
    return {
        "ids": {name: run_id(canonical(changes)) for name, changes in CONFIGS.items()},
        "defaults": {name: defaults(factory) for name, factory in sorted(factories.items())},
    }


def test_ids_stay():
    assert released()["ids"] == json.loads(FILE.read_text("utf-8"))["ids"]


def test_defaults_stay_for_they_are_left_out_of_ids():
    then = json.loads(FILE.read_text("utf-8"))["defaults"]
    now = json.loads(json.dumps(released()["defaults"]))
    both = [(name, option) for name in then.keys() & now for option in then[name].keys() & now[name]]
    assert len(both) > 150
    for name, option in both:
        assert now[name][option] == then[name][option], f"{name}: {option}"


def test_what_does_not_change_the_numbers_does_not_change_the_run_id(config):
    plain = config()
    named = {**plain, "experiment": "mine", "objective_metric": "final_test_accuracy"}
    moved = {**plain, "dataset": {**plain["dataset"], "path": "/elsewhere"}}
    assert len({identity.run_of(c, "sha").run_id for c in (plain, named, moved)}) == 1


def test_where_a_test_file_lies_does_not_change_the_run_id_either(config):
    one, other = config(), config()
    one["dataset"] |= {"path": "a", "test_path": "b"}
    other["dataset"] |= {"path": "a", "test_path": "/elsewhere/b"}
    assert identity.run_of(one, "sha").run_id == identity.run_of(other, "sha").run_id


def test_every_other_change_does(config):
    changes = [
        {},
        {"seed": 1},
        {"optimizer__lr": 0.2},
        {"training__epochs": 4},
        {"dtype": "float32"},
        {"model__l2": 0.0},
    ]
    assert len({identity.run_of(config(**change), "sha").run_id for change in changes}) == len(changes)
    assert identity.run_of(config(), "sha").run_id != identity.run_of(config(), "other").run_id


@pytest.fixture
def learnt(monkeypatch):
    """Teaches adam and the training an option each."""

    def learn():
        def adam(
            lr: Rate = 1e-3,
            beta1: float = 0.9,
            beta2: float = 0.999,
            eps: float = 1e-8,
            eps_root: float = 0.0,
            weight_decay: float = 0.0,
            later: float = 1,
        ) -> None:
            """An Adam of tomorrow."""

        adam.__module__ = "optlab.optimizers.adam"

        @dataclass(frozen=True)
        class Tomorrow(Training):
            later: tuple[int, ...] = (1, 2)

        monkeypatch.setitem(optimizers.REGISTRY._entries, "adam", Method(adam, elementwise=True))
        monkeypatch.setattr(schema, "Training", Tomorrow)

    return learn


def test_an_option_that_is_learnt_later_changes_no_id_at_its_default(config, learnt):
    before = run_id(config())
    learnt()
    assert config()["optimizer"]["later"] == 1 and config()["training"]["later"] == (1, 2)
    assert run_id(config()) == before
    assert run_id(config(optimizer__later=1.0, training__later=[1, 2])) == before
    assert len({before, run_id(config(optimizer__later=2)), run_id(config(training__later=[1]))}) == 3


def test_a_default_that_is_written_out_is_no_other_run(config):
    section = config()["optimizer"]
    assert run_id(config(optimizer={"name": "adam", "lr": 0.1})) == run_id(config(optimizer=section))


@pytest.mark.parametrize("one, other", [(1, 1.0), (0, -0.0)])
def test_ways_to_write_a_number_are_one(config, one, other):
    assert run_id(config(model__l2=one)) == run_id(config(model__l2=other))


def test_a_list_and_a_tuple_are_one(config):
    assert run_id(config(model={"name": "mlp", "hidden": [3, 4]})) == run_id(
        config(model={"name": "mlp", "hidden": (3, 4)})
    )


def test_without_an_annotation_a_whole_number_and_true_are_not_the_default(config, monkeypatch):
    def mine(lr: float = 0.1, way=1.0):
        return None

    mine.__module__ = "optlab.optimizers.mine"
    monkeypatch.setitem(optimizers.REGISTRY._entries, "mine", Method(mine))
    ids = [run_id(config(optimizer={"name": "mine", "way": way})) for way in (1.0, 1, True)]
    assert len(set(ids)) == 3


def test_an_id_is_that_of_one_configuration_and_data(config):
    known = run_id(config())
    assert identity.is_run_on(identity.Run(known, config()), "sha")
    assert not identity.is_run_on(identity.Run(known, config()), "other")
    assert not identity.is_run_on(identity.Run(known, config(seed=1)), "sha")
    assert not identity.is_of_earlier_streams(identity.Run(known, config()), config(), "sha")


def test_ids_of_earlier_streams_are_told_from_todays_and_from_those_of_other_data(config, learnt):
    """Ids of format 1 were hashes of all options that were known then; the other was one of format 2."""
    recorded = json.loads(json.dumps(config()))
    ids = identity.digest([{key: recorded[key] for key in schema.RESULT}, "sha"]), "bc5181805e0c84ca"
    learnt()
    for known in ids:
        run = identity.Run(known, config())
        assert not identity.is_run_on(run, "sha")
        assert identity.is_of_earlier_streams(run, recorded, "sha")
        assert not identity.is_of_earlier_streams(run, recorded, "other")
        other = identity.Run(known, config(seed=1))
        assert not identity.is_of_earlier_streams(other, other.config, "sha")


def write():
    """Write `identity.json` anew."""
    FILE.write_text(json.dumps(released(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
