"""A trained model, rebuilt from what its result folder records: its data, its network, its parameters.

Nothing in the folder is trusted. The configuration must pass the schema, the data count only if the run's id,
a hash of its configuration and of the data's checksum, comes out again, and nothing is ever downloaded.
"""

from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from optlab.analysis.problem.problems import configuration
from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.dataset import Dataset
from optlab.models.function_model import FunctionModel
from optlab.models.model import Model
from optlab.runs import build
from optlab.runs.recorded_data import recorded_model
from optlab.runs.schema import Schema
from optlab.store.read import Results


@dataclass(frozen=True)
class Rebuilt:
    """One run as it was trained."""

    problem: str
    optimizer: str
    setting: str
    seed: int
    config: dict[str, Any]  # canonical
    dataset: Dataset
    model: Model
    points: pd.DataFrame  # its trajectory, a row for each of the T recorded parameters
    parameters: Array  # (T, P)
    final_row: int  # the one that the run ends with

    @property
    def final(self) -> Array:
        """The parameters that the run ends with, as a stack of one run (1, P)."""
        return self.parameters[self.final_row : self.final_row + 1]

    @property
    def minima(self) -> Array | None:
        """(m, 2) the minima of a formula of two parameters; None of another cost."""
        if not isinstance(self.model, FunctionModel) or self.model.n_parameters != 2:
            return None
        minima: Array = self.model.minima + self.dataset.train.x.mean(0)
        return minima

    @property
    def finite(self) -> bool:
        """Whether the run ends with numbers: a diverged run does not."""
        return bool(np.isfinite(self.final).all())


def models(results: Results, representative: pd.DataFrame, problem: str) -> list[Rebuilt]:
    """The model that stands for every optimizer on one problem.

    Args:
        results: with recorded parameters.
        representative: see `representative.representative`.
        problem: its name.

    Raises:
        UserError: there is no such problem, no parameters were recorded, or the data cannot be had.
    """
    part = representative[representative["problem"] == problem]
    if part.empty:
        problems = ", ".join(representative["problem"].unique())
        raise UserError(f"problem={problem}: there is no such problem; choose from {problems}")
    return [rebuild(results, run) for _, run in part.iterrows()]


def rebuild(results: Results, run: pd.Series) -> Rebuilt:
    """The model of `run`, a row of `results.runs` with its `problem`.

    Raises:
        UserError: no parameters were recorded, or the data of the run are not on this machine.
    """
    if not recorded(run):
        raise UserError(
            f"run {run['run_id']}: no parameters were recorded; train with training.record_parameters=all"
        )
    recorded_config = configuration(run["config"])
    config = Schema().canonical(recorded_config)
    dataset, model = recorded_model(recorded_config, run["run_id"])
    try:
        parameters = np.atleast_2d(results.parameters(run["run_id"]))
    except (OSError, ValueError, LookupError, BadZipFile) as error:
        raise UserError(
            f"run {run['run_id']}: its parameters cannot be read ({error}); train it again"
        ) from error
    points = results.trajectories[results.trajectories["run_id"] == run["run_id"]]
    if len(parameters) == 1:
        points, final_row = points.iloc[-1:], 0
    else:
        parameters = parameters[: len(points)]
        final_row = end_row(points, config)
    if parameters.shape != (len(points), model.n_parameters):
        raise UserError(f"run {run['run_id']}: its recorded parameters do not fit its model; train it again")
    who = str(run["problem"]), str(run["optimizer"]), str(run["setting"]), int(run["seed"])
    return Rebuilt(*who, config, dataset, model, points.reset_index(drop=True), parameters, final_row)


def recorded(run: pd.Series) -> bool:
    """Whether the configuration of `run` asks for its parameters to be recorded."""
    training = configuration(run["config"]).get("training")
    return isinstance(training, dict) and training.get("record_parameters") in ("final", "all")


def unscaled(run: Rebuilt) -> Dataset:
    """The data of a run before they were standardised, in the same rows: what a picture of them shows."""
    return build.data({**run.config, "dataset": {**run.config["dataset"], "standardize": False}})


def end_row(points: pd.DataFrame, config: dict[str, Any]) -> int:
    """The row of a trajectory that its run ends with: the last, or with early stopping the best."""
    if config["training"]["patience"] is None or points["validation_cost"].isna().all():
        return len(points) - 1
    return int(np.nanargmin(points["validation_cost"].to_numpy(float)))
