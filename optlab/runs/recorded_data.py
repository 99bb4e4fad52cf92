"""Data and model of a recorded run, made again from its configuration; nothing is downloaded."""

from typing import Any

from optlab.core.errors import UserError
from optlab.datasets.dataset import REGISTRY, Dataset
from optlab.datasets.download import locate
from optlab.models.model import Model
from optlab.runs import build
from optlab.runs.identity import Run, is_of_earlier_streams, is_run_on
from optlab.runs.schema import Schema


class EarlierStreams(UserError):
    """A run whose data were drawn or divided by random streams that optlab no longer has."""


def recorded_model(config: dict[str, Any], run_id: str, dtype: str | None = None) -> tuple[Dataset, Model]:
    """The data set of a recorded configuration, as its run was trained on it, and its model.

    Args:
        dtype: of the data; None: that of the run.

    Raises:
        UserError: the configuration is not valid, the files are not on this machine, or they hold other data.
        EarlierStreams: the run was trained by an optlab with other random streams.
    """
    canonical = Schema().canonical(config)
    name = canonical["dataset"]["name"]
    files = REGISTRY.entry(name).about.files
    if any(locate(file) is None for file in files):
        raise UserError(
            f"dataset.name={name}: its files are not on this machine; run optlab-data fetch {name}"
        )
    dataset = build.data({**canonical, "dtype": dtype or canonical["dtype"]})
    run = Run(run_id, canonical)
    if is_of_earlier_streams(run, config, dataset.sha256):
        raise EarlierStreams(
            f"dataset.name={name}: run {run_id} was trained by an optlab that drew and divided data by other "
            "random streams; build the report with that optlab, or train the run again in another folder"
        )
    if not is_run_on(run, dataset.sha256):
        raise UserError(
            f"dataset.name={name}: the data on this machine are not those of run {run_id}; "
            "build the report where it was trained"
        )
    return dataset, build.model(canonical, dataset)
