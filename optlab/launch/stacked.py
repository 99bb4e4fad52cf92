"""The Hydra launcher `stacked`: all jobs of a sweep are trained as stacks, into one result folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from hydra.core.utils import JobReturn, JobStatus, setup_globals
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

from optlab.core.options import Count, Positive, conform
from optlab.launch.compose import Composer, run_overrides
from optlab.launch.grid import GridSweeper
from optlab.launch.hydra_patches import check_configurations, register_plugin, share_config_store
from optlab.launch.own_files import check_file
from optlab.launch.registered import RegisteredSearchPath, RegisteredSource
from optlab.launch.search import ExperimentSearchPath, ExperimentSource
from optlab.launch.session import check_named, current


def launcher_options(
    max_stack: Count = 256,
    max_memory: Positive = 1e9,
    n_jobs: Count | Literal[-1] | None = None,
    backend: str = "loky",
    address: str | None = None,
    parameters: Any = None,
) -> None:
    """The options of the launcher; this signature is their schema."""


class StackedLauncher(Launcher):
    """Checks all jobs, plans the stacks from the complete sweep, and trains those that are missing."""

    def __init__(self, **options: object) -> None:
        from optlab.sweeps.backends import backend_class

        checked = conform(options, launcher_options, "hydra.launcher")
        backend_class(checked["backend"])  # refuses what is none
        self._limits = {name: checked.pop(name) for name in ("max_stack", "max_memory")}
        self._workers = {**checked, "parameters": dict(checked["parameters"] or {})}
        self.config: DictConfig | None = None
        self.hydra_context: HydraContext | None = None
        self.task_function: TaskFunction | None = None

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Called by Hydra before `launch`."""
        self.config, self.hydra_context, self.task_function = config, hydra_context, task_function

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Train all jobs; the return value of each is its `objective_metric`, for the sweeper.

        Hydra's callbacks for single jobs are not called: there are no single jobs.
        """
        from optlab.runs.schema import Schema
        from optlab.store import read
        from optlab.sweeps.execute import execute
        from optlab.sweeps.plan import Limits
        from optlab.sweeps.workers import Workers

        setup_globals()
        assert self.config is not None and self.hydra_context is not None
        check_named("hydra.sweep.dir", self.config.hydra.sweep.dir)
        composer, schema = Composer(self.hydra_context.config_loader, self.config), Schema()
        configs = [composer.config(overrides) for overrides in job_overrides]
        checked = [schema.canonical(config) for config in configs]
        jobs = list(zip(checked, map(run_overrides, job_overrides), strict=True))
        folder = Path(str(self.config.hydra.sweep.dir))
        if configs and not read.part_files(folder):
            _check_seeds(configs[0].get("report"), {config["seed"] for config in checked})
        session = current()
        limits, workers = Limits(**self._limits), Workers(**self._workers)
        run_ids = execute(jobs, folder, limits, session.command, session.listener, workers)
        values = read.objective_values(folder, {config["objective_metric"] for config in checked})
        return [
            _job_return(overrides, values[config["objective_metric"]][run_id])
            for run_id, (config, overrides) in zip(run_ids, jobs, strict=True)
        ]


def register_plugins() -> None:
    """Make the launcher, the sweeper, the experiments and the check of users' files known to Hydra."""
    share_config_store()
    check_configurations(check_file)
    for plugin in (
        StackedLauncher,
        GridSweeper,
        ExperimentSource,
        ExperimentSearchPath,
        RegisteredSource,
        RegisteredSearchPath,
    ):
        register_plugin(plugin)


def _check_seeds(report: Any, seeds: set[int]) -> None:
    """Refuse seeds for the report that will not have been run."""
    from optlab.runs.schema import report_options, split_seeds

    options = report_options(report or {})
    split_seeds(seeds, options["tuning_seeds"], options["evaluation_seeds"], path="report.")


def _job_return(overrides: Sequence[str], value: float) -> JobReturn:
    job = JobReturn(overrides=overrides, status=JobStatus.COMPLETED)
    job.return_value = value
    return job
