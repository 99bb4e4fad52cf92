"""The command ``optlab``: trains one run or a sweep, and writes the report."""

import inspect
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import hydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from optlab.cli.command import drop_unread, tell, tell_left_out, wants_traceback
from optlab.core.errors import Incomplete, UserError
from optlab.launch import commandline
from optlab.launch.compose import job_config, of_run
from optlab.launch.errors import MISTAKES, is_hydras, told
from optlab.launch.search import folder, register_penalty, register_resolvers
from optlab.launch.session import CURRENT, Session, current
from optlab.launch.stacked import register_plugins

if TYPE_CHECKING:
    from optlab.store.results import Results

register_penalty()
register_resolvers()  # here, so that worker processes know them too: they import this module to find `task`


def main() -> NoReturn:
    """Entry point. Exits with 0 done, 2 the user's mistake, 130 interrupted; 1 is a fault of optlab's."""
    drop_unread()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do what the command line asks; returns the exit code."""
    from optlab.cli.display import Display

    display = Display()
    session = Session(["optlab", *arguments], display, traceback=wants_traceback())
    try:
        with display:
            start(arguments, session)
        finish(session)
    except Incomplete as error:
        return incomplete(error, session)
    except Exception as error:
        if session.traceback or not (isinstance(error, MISTAKES) or is_hydras(error)):
            raise
        return tell(told(error, list(arguments)))
    except SystemExit as ended:  # by Hydra, after a help text, or by `task`
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except KeyboardInterrupt:
        kept = interrupted(session)
        print(f"optlab: interrupted; {kept}", file=sys.stderr)
        return 130
    return 0


def sweep(overrides: Sequence[str], into: str | Path | None = None) -> "Results":
    """See `optlab.sweep`."""
    from optlab.store.results import load

    if isinstance(overrides, str):
        raise UserError(f"optlab.sweep({overrides!r}): overrides are a list; write [{overrides!r}]")
    fixed = [] if into is None else [f"hydra.sweep.dir='{Path(into).resolve()}'"]
    session = Session(["optlab", "-m", *overrides])
    try:
        start(["-m", *overrides, *fixed], session)
    except Exception as error:
        if not (isinstance(error, MISTAKES) or is_hydras(error)):
            raise
        raise told(error, list(overrides)) from error
    assert session.folder is not None
    return load(session.folder)


def start(arguments: Sequence[str], session: Session) -> None:
    """Hand the command line over to Hydra, which calls the launcher or `task`.

    Raises:
        UserError, HydraException, OmegaConfBaseException, YAMLError: a mistake of the user's.
        SystemExit: Hydra has shown a help text or the like.
    """
    register_plugins()
    conf = str(folder("conf"))
    arguments = commandline.prepared(arguments, conf)
    newer = "execution_whitelist" in inspect.signature(hydra.main).parameters  # Hydra 1.4
    options: dict[str, Any] = {"execution_whitelist": ["optlab.*"]} if newer else {"version_base": "1.3"}
    token = CURRENT.set(session)
    try:
        with _environment(arguments):
            hydra.main(config_path=conf, config_name="config", **options)(task)()
            sys.stdout.flush()
    except OSError as error:  # Hydra makes the folder of a run itself
        if session.folder is None or not _is_about(error, session.folder.resolve()):
            raise
        from optlab.store.write import unusable

        raise unusable(session.folder, error) from error
    finally:
        CURRENT.reset(token)
        _remove_if_empty(session.folder)


def task(config: DictConfig) -> float:
    """One run, trained alone into Hydra's output folder; returns its `objective_metric`."""
    from optlab.core.options import conform
    from optlab.runs.schema import Schema
    from optlab.store import outcome
    from optlab.sweeps.execute import execute
    from optlab.sweeps.plan import Limits

    job: Any = HydraConfig.get()
    overrides: Any = OmegaConf.to_container(job.overrides.task, resolve=False)
    session = current()
    into = Path(str(job.runtime.output_dir))
    try:
        checked = Schema().checked(job_config(config, job))
        given = {key: value for key, value in job.launcher.items() if key == "max_memory"}  # not all have it
        limits = Limits(**conform(given, Limits, "hydra.launcher"))
        run_ids = execute([(checked, of_run(overrides))], into, limits, session.command, session.watch)
        metric = checked["objective_metric"]
        return outcome.objectives(into, [metric])[metric][run_ids[0]]
    except MISTAKES as error:
        if session.traceback:
            raise
        sys.exit(tell(told(error, overrides)))  # an exception would make Hydra print lines of its own
    except Incomplete as error:
        sys.exit(incomplete(error))


def finish(session: Session) -> None:
    """Write the report of what was trained, and show the leaderboard."""
    if session.folder is None or not session.folder.is_dir():
        return  # Hydra has only shown something
    from optlab.report.drawing import helper

    helper.call()  # it starts up while this process does
    from optlab.analysis.study import study
    from optlab.cli.leaderboard import show
    from optlab.report.page.page import write
    from optlab.runs.schema import report_options
    from optlab.store.results import load

    options = report_options(OmegaConf.to_container(session.report, resolve=True) if session.report else {})
    if isinstance(options["optimum"], float):
        options["optimum"] = {"": options["optimum"]}  # of the only problem
    results = load(session.folder)
    tell_left_out(results)
    try:
        style = options.pop("style")
        judged = study(results, **options)
        show(judged)
        print(f"report: {write(judged, session.folder, style)}")
    except UserError as error:
        raise UserError(f"{error}; all runs are kept: optlab-report {session.folder}") from error
    except OSError as error:
        raise UserError(
            f"{error.filename or session.folder}: the report cannot be written ({error.strerror}); all "
            f"runs are kept: make room and build it with optlab-report {session.folder}"
        ) from error


def salvage(session: Session) -> None:
    """Write the report of a part of the sweep, if one can be made of it."""
    try:
        finish(session)
    except UserError as error:  # it lacks the seeds that the report asks for, say
        tell(error)


def interrupted(session: Session) -> str:
    """Write the report of what was finished; says what was kept and how to go on."""
    if not holds_runs(session):
        return "nothing was finished"
    with suppress(KeyboardInterrupt):  # again: who cannot wait goes without the report
        salvage(session)
    key = "hydra.sweep.dir" if session.multirun else "hydra.run.dir"
    return f"what was finished is kept; the same command with {key}={session.folder} goes on"


def incomplete(error: Incomplete, session: Session | None = None) -> int:
    """Report what could be trained and name what could not; returns the exit code."""
    if session is not None and holds_runs(session):
        salvage(session)
    print(f"optlab: error: {error}; all other runs are kept", file=sys.stderr)
    return 1


def holds_runs(session: Session) -> bool:
    """Whether a run has been finished."""
    return session.folder is not None and any(session.folder.rglob("runs/[!.]*.parquet"))


def _remove_if_empty(folder: Path | None) -> None:
    """Take away the folders that were made for what was then refused."""
    for path in (folder / "runs", folder / "trajectories", folder) if folder is not None else ():
        with suppress(OSError):  # it is not empty, not there, or cannot be written
            path.rmdir()


def _is_about(error: OSError, folder: Path) -> bool:
    return bool(error.filename) and Path(error.filename).resolve() in (folder, *folder.parents)


@contextmanager
def _environment(arguments: Sequence[str]) -> Iterator[None]:
    """`sys.argv` as Hydra reads it, and Hydra told to raise errors instead of printing them."""
    argv, full = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv = ["optlab", *arguments]
    os.environ["HYDRA_FULL_ERROR"] = "1"
    try:
        yield
    finally:
        sys.argv = argv
        if full is None:
            del os.environ["HYDRA_FULL_ERROR"]
        else:
            os.environ["HYDRA_FULL_ERROR"] = full
