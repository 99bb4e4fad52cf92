"""From a canonical configuration to data, model and run."""

import json
from functools import cache, lru_cache
from typing import NamedTuple

from optlab import datasets, models
from optlab.core.errors import UserError
from optlab.core.failure import users_code
from optlab.datasets import Dataset
from optlab.datasets.preparation import Preparation
from optlab.models import Model
from optlab.objective.penalty import OPTIONS, penalty_of
from optlab.optimizers.groups import Groups, group_options
from optlab.runs.schema import Config
from optlab.training.run import RunSpec


class Facts(NamedTuple):
    """What the plan needs to know of a data set."""

    sha256: str
    n_features: int
    n_classes: int
    n_train: int
    n_stored: int  # numbers of the training part; of sparse data, those that are not zero
    notes: tuple[str, ...] = ()  # what was taken for what in a user's file


def facts(config: Config) -> Facts:
    """Of the data set of a canonical configuration; it is loaded at the first call."""
    return _facts(*data_key(config))


def data(config: Config) -> Dataset:
    """The data set of a canonical configuration; the last few are kept in memory."""
    return _load(*data_key(config))


def model(config: Config, of: Dataset | Facts | Preparation) -> Model:
    """The model of a canonical configuration for such data.

    Raises:
        UserError: the model refuses the data, or is the user's and broken.
    """
    options = without_penalty(config["model"])
    name = options.pop("name")
    with users_code(models.REGISTRY, name):
        return models.REGISTRY.get(name)(of.n_features, of.n_classes, **options)


def without_penalty(section: Config) -> Config:
    """What a section `model` says of the model itself: runs that share it may differ in their penalties."""
    return {key: value for key, value in section.items() if key not in OPTIONS}


def problem(config: Config) -> tuple[Dataset, Model]:
    """Data and model."""
    try:
        dataset = data(config)
        return dataset, _model_with_place(config, dataset)
    except MemoryError as error:
        raise UserError(
            f"dataset={config['dataset']['name']} model={config['model']['name']}: memory does not suffice "
            f"({error}); use fewer samples or features, or a smaller model"
        ) from error


def _model_with_place(config: Config, dataset: Dataset) -> Model:
    """The model; if it is refused for more than two classes, with the place of the third in the file."""
    try:
        return model(config, dataset)
    except UserError as error:
        if dataset.n_classes > 2 and dataset.places:
            place = f"class {dataset.classes[2]} first stands in {dataset.places[2]}"
            raise UserError(f"{error} ({place})") from error
        raise


def run_spec(config: Config) -> RunSpec:
    """The run of a canonical configuration, as it is trained."""
    section, shared = config["optimizer"], group_options(config["optimizer"]["name"])
    options = {key: value for key, value in section.items() if key != "name" and key not in shared}
    groups = Groups(**{key: value for key, value in section.items() if key in shared})
    return RunSpec(section["name"], options, penalty_of(config["model"]), config["seed"], groups)


def data_key(config: Config) -> tuple[str, str]:
    """What decides the data that a run reads."""
    return json.dumps(config["dataset"]), config["dtype"]


@lru_cache(maxsize=8)
def _load(section: str, dtype: str) -> Dataset:
    options = json.loads(section)
    with users_code(datasets.REGISTRY, options["name"]):
        return datasets.load(options, dtype)


@cache
def _facts(section: str, dtype: str) -> Facts:
    dataset = _load(section, dtype)
    train = dataset.train
    sizes = dataset.n_features, dataset.n_classes, len(train.y), train.x.size
    return Facts(dataset.sha256, *sizes, dataset.notes)
