"""Every YAML in conf/ holds exactly the options of its factory, with the factory's defaults."""

import pytest
import yaml

from optlab import datasets, models, optimizers
from optlab.core.options import annotations, defaults
from optlab.core.shipped import folder
from optlab.datasets.loading import Common
from optlab.objective.penalty import OPTIONS, penalty
from optlab.optimizers.groups import Groups
from optlab.runs.schema import CHECKS, Schema, report, settings
from optlab.training import schedules
from optlab.training.schedules import every_schedule
from optlab.training.settings import Training
from tests.composed import composed

CONF = folder("conf")
REGISTRIES = {
    "dataset": datasets.REGISTRY,
    "model": models.REGISTRY,
    "optimizer": optimizers.REGISTRY,
    "schedule": schedules.REGISTRY,
}
COMMON = {kind: set() for kind in REGISTRIES}
COMMON |= {"dataset": set(annotations(Common)), "schedule": set(annotations(every_schedule))}
NAMES = [(kind, name) for kind, registry in REGISTRIES.items() for name in registry.names()]


def read(kind, name):
    """The YAML of a name, without the list of what Hydra adds to it."""
    values = yaml.safe_load((CONF / kind / f"{name}.yaml").read_text())
    return {key: value for key, value in values.items() if key != "defaults"}


@pytest.mark.parametrize("kind, name", NAMES)
def test_every_registered_name_has_a_yaml_with_the_options_of_its_factory(kind, name):
    options = set(annotations(REGISTRIES[kind].get(name)))
    assert set(read(kind, name)) == {"name"} | options | COMMON[kind]
    assert read(kind, name)["name"] == name


@pytest.mark.parametrize("kind, name", [pair for pair in NAMES if pair[0] != "dataset"])
def test_the_yamls_defaults_are_those_of_the_factory(kind, name):
    values = read(kind, name)
    given = defaults(REGISTRIES[kind].get(name))
    assert {key: values[key] for key in given} == given


def test_the_options_of_a_penalty_are_those_of_its_signature():
    assert yaml.safe_load((CONF / "penalty.yaml").read_text()) == defaults(penalty)


@pytest.mark.parametrize("name", models.REGISTRY.names())
def test_every_model_has_the_options_of_a_penalty(name):
    chosen = [f"model.{option}=0.5" for option in OPTIONS]
    [config] = composed("-m", f"model={name}", "dataset=moons", *chosen)
    assert {option: config["model"][option] for option in OPTIONS} == dict.fromkeys(OPTIONS, 0.5)


@pytest.mark.parametrize("name", optimizers.REGISTRY.names())
def test_elementwise_optimizers_have_the_options_of_parameter_groups(name):
    assert yaml.safe_load((CONF / "groups.yaml").read_text()) == defaults(Groups)
    [config] = composed("-m", f"optimizer={name}", "dataset=moons")
    options = {key: value for key, value in config["optimizer"].items() if key in annotations(Groups)}
    assert options == (defaults(Groups) if optimizers.REGISTRY.entry(name).elementwise else {})


@pytest.mark.parametrize("kind", REGISTRIES)
def test_every_yaml_has_a_registered_name(kind):
    assert {file.stem for file in (CONF / kind).glob("*.yaml")} == set(REGISTRIES[kind].names())


def test_the_default_training_is_the_default_of_its_schema():
    assert read("training", "default") == defaults(Training)


def test_the_top_level_keys_are_those_of_the_schema():
    config = yaml.safe_load((CONF / "config.yaml").read_text())
    others = ("defaults", "hydra", "report")
    assert {key: config[key] for key in config if key not in others} == defaults(settings)
    assert config["report"] == defaults(report)


def test_every_section_is_checked():
    assert list(CHECKS) == ["dataset", "model", "optimizer", "schedule", "training"]


@pytest.mark.parametrize(
    "name", [name for name in datasets.REGISTRY.names() if name not in ("csv", "libsvm")]
)
def test_every_data_sets_yaml_passes_the_schema(name):
    config = {
        kind: read(kind, "constant" if kind == "schedule" else choice) for kind, choice in CHOICE.items()
    }
    checked = Schema().canonical({**config, "dataset": read("dataset", name)})
    assert checked["dataset"] == read("dataset", name)


CHOICE = {"model": "logistic", "optimizer": "adam", "schedule": "constant", "training": "default"}
