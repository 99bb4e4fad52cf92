"""Data and model of a recorded run, made again from its configuration; nothing is downloaded."""

from typing import Any

from optlab.core.errors import UserError
from optlab.datasets.dataset import REGISTRY, Dataset
from optlab.datasets.download import locate
from optlab.models.model import Model
from optlab.runs import build
from optlab.runs.identity import Run, is_run_on
from optlab.runs.schema import Schema


def recorded_model(config: dict[str, Any], run_id: str, dtype: str | None = None) -> tuple[Dataset, Model]:
    """The data set of a recorded configuration, as its run was trained on it, and its model.

    Args:
        dtype: of the data; None: that of the run.

    Raises:
        UserError: the configuration is not valid, the files are not on this machine, or they hold other data.
    """
    canonical = Schema().canonical(config)
    name = canonical["dataset"]["name"]
    files = REGISTRY.entry(name).about.files
    if any(locate(file) is None for file in files):
        raise UserError(
            f"dataset.name={name}: its files are not on this machine; run optlab-data fetch {name}"
        )
    dataset = build.data({**canonical, "dtype": dtype or canonical["dtype"]})
    if not is_run_on(Run(run_id, canonical), config, dataset.sha256):
        raise UserError(
            f"dataset.name={name}: the data on this machine are not those of run {run_id}; "
            "build the report where it was trained"
        )
    return dataset, build.model(canonical, dataset)
