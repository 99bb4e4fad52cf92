"""The command line as Hydra is to see it: a study becomes a multirun, and its overrides reach every job."""

import json
import re
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override

from optlab.core.errors import UserError
from optlab.launch.grid import GridSweeper, check_sweeper
from optlab.launch.hydra_patches import argument_parser, compose
from optlab.launch.own_files import check_folder
from optlab.launch.registered import import_files
from optlab.launch.search import SECTIONS, logspace, loguniform
from optlab.launch.session import quoted

AXIS_TO_DROP = re.compile(r"~hydra\.sweeper\.params\.([\w/@]+\.[\w.]+)")
"""Dropping an axis whose name has a dot: Hydra would look for nested keys."""

AXIS = re.compile(r"\$\{(logspace|loguniform):([^{}]*)\}")
"""An axis in a few words: Hydra would look for its values too late."""


HOME = re.compile(r"~[\w.-]*(/[^,'\"()\[\]{}]*)?")
"""A path in a home folder."""


def hydra_arguments(arguments: Sequence[str], conf: str) -> list[str]:
    """The arguments for Hydra.

    * ``experiment=NAME`` gets ``-m`` if the experiment has axes: it must not be trained as a single run.
    * In a multirun, a value for a section (``optimizer.momentum=0.9``) becomes an axis of one value: Hydra
      would set it on the default optimizer first, which may not have that option.
    * ``~hydra.sweeper.params.optimizer.lr`` drops that axis.
    * ``optimizer.lr=${logspace:1e-4,1,13}`` is the list of these values, as is ``${loguniform:1e-4,1,30}``.
    * ``dataset.path=~/mine.csv`` is quoted: Hydra reads no plain ``~``.
    * Options and overrides may stand in any order.

    Raises:
        UserError: an option that does not exist, several experiments at once, or several reports.
        HydraException: an override that cannot be read, or an experiment that does not exist.
    """
    line: Namespace = argument_parser().parse_intermixed_args(list(arguments))
    options = [word for word in arguments if word not in line.overrides]
    words = [AXIS.sub(_expand_axis, _quote_home(word)) for word in line.overrides]
    shows = any((line.help, line.hydra_help, line.cfg, line.info, line.shell_completion))
    if line.config_dir:
        import_files(Path(line.config_dir))
    if shows or line.experimental_rerun:
        return [*options, *words]
    if line.config_dir:
        check_folder(Path(line.config_dir))
    overrides = OverridesParser.create().parse_overrides(words)
    studies = [override for override in overrides if override.key_or_group == "experiment"]
    _refuse_several(studies, overrides)
    sets_axes = studies or any(override.key_or_group.startswith("hydra.sweeper") for override in overrides)
    if not line.multirun and not line.run and sets_axes and _has_axes(line, overrides, conf):
        options.append("-m")
    if "-m" in options or "--multirun" in options:
        words = _for_every_job(overrides)
    return [*options, *words]


def _quote_home(word: str) -> str:
    """``KEY=~/path`` with the quotes that Hydra asks for around it; a list or a quoted text stays."""
    key, is_equal, value = word.partition("=")
    return f"{key}={quoted(value)}" if is_equal and HOME.fullmatch(value) else word


def _refuse_several(studies: Sequence[Override], overrides: Sequence[Override]) -> None:
    """Refuse several studies, and several reports."""
    for override in studies:
        if override.is_sweep_override():
            raise UserError(
                f"{override.input_line}: each experiment has axes of its own; start them one after the other"
            )
    for override in overrides:
        if override.key_or_group.partition(".")[0] == "report" and override.is_sweep_override():
            raise UserError(
                f"{override.input_line}: there is one report; name one value, several seeds as [0,1,2]"
            )


def _expand_axis(match: re.Match[str]) -> str:
    expand = logspace if match[1] == "logspace" else loguniform
    try:
        bounds = [float(word) for word in match[2].split(",")]
    except ValueError as error:
        raise UserError(
            f"{match[0]}: needs two positive numbers and how many, as ${{{match[1]}:1e-4,1,13}}"
        ) from error
    return expand(*bounds)


def _has_axes(line: Namespace, overrides: Sequence[Override], conf: str) -> bool:
    """Whether the configuration that is asked for has axes in `hydra.sweeper`."""
    words = [str(override.input_line) for override in overrides if not override.is_sweep_override()]
    single = [word for word in words if not AXIS_TO_DROP.fullmatch(word)]
    if line.config_dir:
        own = [f"file://{Path(line.config_dir).resolve()}"]
        for override in overrides:
            if override.key_or_group == "hydra.searchpath":
                own.extend(override.value())  # type: ignore[arg-type]
        single.append(f"hydra.searchpath={json.dumps(own)}")
    config_path = str(Path(line.config_path or conf).resolve())
    sweeper = compose(config_path, line.config_name or "config", single).hydra.sweeper
    if sweeper.get("_target_") == f"{GridSweeper.__module__}.{GridSweeper.__name__}":
        check_sweeper(sweeper)
    return bool(sweeper.get("params") or sweeper.get("grids"))


def _for_every_job(overrides: Sequence[Override]) -> list[str]:
    """Overrides of a multirun that reach its jobs and axes as they are meant."""
    words, to_drop = [], []
    for override in overrides:
        text = str(override.input_line)
        section, _, option = override.key_or_group.partition(".")
        sets = not override.is_sweep_override() and not override.is_delete() and not text.startswith("+")
        if axis := AXIS_TO_DROP.fullmatch(text):
            to_drop.append(axis[1])
        elif section in SECTIONS and option and sets:
            null = override.value() is None
            value = "'null'" if null else override.get_value_element_as_str()  # null is no choice
            words.append(f"{override.key_or_group}=choice({value})")
        else:
            words.append(text)
    return [*words, f"hydra.sweeper.drop=[{','.join(to_drop)}]"] if to_drop else words
