"""The data that a run was trained on, read again from what its configuration describes; never downloaded."""

from typing import Any

from optlab.core.errors import UserError
from optlab.datasets.dataset import REGISTRY, Dataset
from optlab.datasets.download import locate
from optlab.runs import build, identity
from optlab.runs.schema import Schema


def recorded_data(config: dict[str, Any], run_id: str) -> Dataset:
    """The data set of a recorded configuration, as its run was trained on it.

    Raises:
        UserError: the configuration is not valid, the files are not on this machine, or they hold other data.
    """
    name = Schema().checked(config)["dataset"]["name"]
    files = REGISTRY.entry(name).about.files
    if any(locate(file) is None for file in files):
        told = f"dataset.name={name}: its files are not on this machine"
        raise UserError(f"{told}; run optlab-data fetch {name}")
    dataset = build.data(Schema().checked(config))
    if not identified(config, dataset.sha256, run_id):
        raise UserError(
            f"dataset.name={name}: the data on this machine are not those of run {run_id}; "
            "build the report where it was trained"
        )
    return dataset


def identified(config: dict[str, Any], sha256: str, run_id: str) -> bool:
    """Whether data with this checksum were the run's: its id is a hash of the configuration and the checksum.

    The configuration counts as it was recorded, without the options that optlab has learnt since.
    """
    return identity.run_of({**Schema().checked(config), **config}, sha256).run_id == run_id
