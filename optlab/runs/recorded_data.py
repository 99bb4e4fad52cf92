"""The data that a run was trained on, read again from what its configuration describes; never downloaded."""

from typing import Any

from optlab.core.errors import UserError
from optlab.datasets.dataset import REGISTRY, Dataset
from optlab.datasets.download import locate
from optlab.runs import build
from optlab.runs.identity import is_run_on
from optlab.runs.schema import Schema


def recorded_data(config: dict[str, Any], run_id: str) -> Dataset:
    """The data set of a recorded configuration, as its run was trained on it.

    Raises:
        UserError: the configuration is not valid, the files are not on this machine, or they hold other data.
    """
    name = Schema().canonical(config)["dataset"]["name"]
    files = REGISTRY.entry(name).about.files
    if any(locate(file) is None for file in files):
        raise UserError(
            f"dataset.name={name}: its files are not on this machine; run optlab-data fetch {name}"
        )
    dataset = build.data(Schema().canonical(config))
    if not is_run_on(run_id, config, dataset.sha256):
        raise UserError(
            f"dataset.name={name}: the data on this machine are not those of run {run_id}; "
            "build the report where it was trained"
        )
    return dataset
