"""The Hydra application: a command line goes in, runs or a sweep are trained."""

import errno
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from optlab.core.errors import Incomplete, UserError
from optlab.core.options import shown
from optlab.core.paths import expanded
from optlab.core.shipped import folder
from optlab.launch.commandline import hydra_arguments
from optlab.launch.compose import job_config, run_overrides
from optlab.launch.errors import as_user_error, is_mistake
from optlab.launch.hydra_patches import run_application
from optlab.launch.notebook import listener
from optlab.launch.search import register_resolvers
from optlab.launch.session import CURRENT, Session, check_named, current, quoted
from optlab.launch.stacked import register_plugins

if TYPE_CHECKING:
    from optlab.store.read import Results

# at import, so that worker processes know them: they import this module to find `task`
register_resolvers()


def sweep(overrides: Sequence[str], into: str | Path | None = None, data: Any = None) -> "Results":
    """See `optlab.sweep`."""
    from optlab.store.read import load

    if isinstance(overrides, str):
        raise UserError(f"optlab.sweep({overrides!r}): overrides are a list; write [{overrides!r}]")
    if not isinstance(overrides, Iterable) or not all(isinstance(line, str) for line in overrides):
        raise UserError(
            f"optlab.sweep({overrides!r}): overrides are a list of texts, such as ['optimizer=sgd,adam']"
        )
    if not isinstance(into, str | os.PathLike | None):
        raise UserError(f"optlab.sweep(..., folder={into!r}): a folder is a text or a path")
    if data is not None:
        from optlab.datasets.tables.frames import stored

        overrides = ["dataset=csv", f"dataset.path='{stored(data)}'", *overrides]
    where = [] if into is None else [f"hydra.sweep.dir={quoted(expanded(into).resolve())}"]
    session = Session(["optlab", "-m", *overrides], listener())
    start(["-m", *overrides, *where], session)
    assert session.folder is not None
    return load(session.folder)


def start(arguments: Sequence[str], session: Session) -> None:
    """Hand the command line over to Hydra, which calls the launcher or `task`.

    Raises:
        UserError: a mistake of the user's.
        Incomplete: runs that could not be trained.
        SystemExit: Hydra has shown a help text or the like.
    """
    token = CURRENT.set(session)
    try:
        _start(arguments)
    except SystemExit as end:
        if isinstance(end.code, UserError | Incomplete):  # see `task`
            raise end.code from end.__cause__
        raise
    except Exception as error:
        too_long = isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG
        if session.folder is not None and not too_long and _is_refusal_of(error, session.folder.resolve()):
            # Hydra makes the folder of a run itself
            from optlab.store.write import unusable

            raise unusable(session.folder, error) from error
        if is_mistake(error):
            raise as_user_error(error, arguments) from error
        if isinstance(error, OSError) and too_long:
            raise UserError(f"{shown(error.filename)}: the name is too long; choose a shorter one") from error
        raise
    finally:
        CURRENT.reset(token)
        _remove_if_empty(session)


def _start(arguments: Sequence[str]) -> None:
    register_plugins()
    conf = str(folder("conf"))
    run_application(task, hydra_arguments(arguments, conf), conf)


def task(config: DictConfig) -> float:
    """One run, trained alone into Hydra's output folder; returns its `objective_metric`.

    Raises:
        SystemExit: with a `UserError` or `Incomplete` as its code. Of another exception Hydra would print
            lines of its own.
    """
    job: Any = HydraConfig.get()
    overrides: Any = OmegaConf.to_container(job.overrides.task, resolve=False)
    try:
        return _train(config, job, overrides)
    except Incomplete as error:
        raise SystemExit(error) from error
    except Exception as error:
        if not is_mistake(error):
            raise
        raise SystemExit(as_user_error(error, overrides)) from error


def _train(config: DictConfig, job: Any, overrides: Sequence[str]) -> float:
    from optlab.core.options import conform
    from optlab.runs.schema import Schema
    from optlab.store import read
    from optlab.sweeps.execute import execute
    from optlab.sweeps.plan import Limits

    session = current()
    check_named("hydra.run.dir", job.run.dir)
    into = Path(str(job.runtime.output_dir))
    checked = Schema().canonical(job_config(config, job))
    if job.job.chdir:
        _check_path(checked["dataset"].get("path"))
    if not isinstance(job.launcher, DictConfig):
        raise UserError(
            f"hydra.launcher={job.launcher}: must be a launcher; choose one with hydra/launcher=NAME"
        )
    memory = {key: value for key, value in job.launcher.items() if key == "max_memory"}  # not all have it
    limits = Limits(**conform(memory, Limits, "hydra.launcher"))
    run_ids = execute([(checked, run_overrides(overrides))], into, limits, session.command, session.listener)
    metric = checked["objective_metric"]
    return read.objective_values(into, [metric])[metric][run_ids[0]]


def _check_path(path: Any) -> None:
    """Refuse data that are not where they were before Hydra changed the working directory."""
    if isinstance(path, str) and not expanded(path).is_absolute() and not expanded(path).exists():
        raise UserError(
            f"dataset.path={path}: there is no such file in {Path.cwd()}, which hydra.job.chdir=true has "
            "made the working directory; name the file in full, or leave hydra.job.chdir out"
        )


def _is_refusal_of(error: Exception, folder: Path) -> TypeGuard[OSError]:
    """Whether the system refused `folder`, or one that holds it."""
    if not isinstance(error, OSError) or not error.filename:
        return False
    return Path(error.filename).resolve() in (folder, *folder.parents)


def _remove_if_empty(session: Session) -> None:
    """Take away the folders that were made for what was then refused."""
    folder = session.folder
    made = [folder / "runs", folder / "trajectories", folder] if folder is not None else []
    for path in (*made, *session.missing_folders):
        with suppress(OSError):  # it is not empty, not there, or cannot be written
            path.rmdir()
