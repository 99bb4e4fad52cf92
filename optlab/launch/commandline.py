"""The command line as Hydra is to see it: a study becomes a multirun, and its overrides reach every job."""

import re
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from hydra import compose, initialize_config_dir
from hydra._internal.utils import get_args_parser
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override

from optlab.core.errors import UserError
from optlab.launch.search import SECTIONS, logspace

DROPPED_AXIS = re.compile(r"~hydra\.sweeper\.params\.([\w/@]+\.[\w.]+)")
"""Dropping an axis whose name has a dot: Hydra would look for nested keys."""

LOGSPACE = re.compile(r"\$\{logspace:([^{}]*)\}")
"""An axis in a few words: Hydra would look for its values too late."""


def prepared(arguments: Sequence[str], conf: str) -> list[str]:
    """The arguments for Hydra.

    * ``experiment=NAME`` gets ``-m`` if the experiment has axes: it must not be trained as a single run.
    * In a multirun, a value for a section (``optimizer.momentum=0.9``) becomes an axis of one value: Hydra
      would set it on the default optimizer first, which may not have that option.
    * ``~hydra.sweeper.params.optimizer.lr`` drops that axis.
    * ``optimizer.lr=${logspace:1e-4,1,13}`` is the list of these values.
    * Options and overrides may stand in any order.

    Raises:
        UserError: an option that does not exist, several experiments at once, or several reports.
        HydraException: an override that cannot be read, or an experiment that does not exist.
    """
    parsed = _parsed(arguments)
    options = [word for word in arguments if word not in parsed.overrides]
    overrides = [LOGSPACE.sub(_spaced, word) for word in parsed.overrides]
    shows = any((parsed.help, parsed.hydra_help, parsed.cfg, parsed.info, parsed.shell_completion))
    if shows or parsed.experimental_rerun:
        return [*options, *overrides]
    lines = OverridesParser.create().parse_overrides(overrides)
    chosen = [line for line in lines if line.key_or_group == "experiment"]
    if any(line.is_sweep_override() for line in chosen):
        raise UserError(
            f"{chosen[0].input_line}: each experiment has axes of its own; start them one after the other"
        )
    for line in lines:
        if line.key_or_group.partition(".")[0] == "report" and line.is_sweep_override():
            raise UserError(
                f"{line.input_line}: there is one report; name one value, several seeds as [0,1,2]"
            )
    if not parsed.multirun and not parsed.run and chosen and _has_axes(parsed, lines, conf):
        options.append("-m")
    if "-m" in options or "--multirun" in options:
        overrides = _for_every_job(lines)
    return [*options, *overrides]


def _parsed(arguments: Sequence[str]) -> Namespace:
    parser = get_args_parser()

    def refuse(message: str) -> NoReturn:
        raise UserError(f"{message}; see optlab --help")

    parser.error = refuse  # type: ignore[method-assign]
    return parser.parse_intermixed_args(list(arguments))


def _spaced(match: re.Match[str]) -> str:
    try:
        bounds = [float(word) for word in match[1].split(",")]
    except ValueError as error:
        raise UserError(
            f"{match[0]}: needs two positive numbers and how many, as ${{logspace:1e-4,1,13}}"
        ) from error
    return logspace(*bounds)


def _has_axes(parsed: Namespace, lines: Sequence[Override], conf: str) -> bool:
    """Whether the configuration that is asked for has axes in `hydra.sweeper`."""
    words = [str(line.input_line) for line in lines if not line.is_sweep_override()]
    single = [word for word in words if not DROPPED_AXIS.fullmatch(word)]
    if parsed.config_dir:
        single.append(f"hydra.searchpath=['file://{Path(parsed.config_dir).resolve()}']")
    with initialize_config_dir(str(Path(parsed.config_path or conf).resolve()), version_base=None):
        config = compose(parsed.config_name or "config", single, return_hydra_config=True)
    sweeper = config.hydra.sweeper
    return bool(sweeper.get("params") or sweeper.get("grids"))


def _for_every_job(lines: Sequence[Override]) -> list[str]:
    """Overrides of a multirun that reach its jobs and axes as they are meant."""
    words, dropped = [], []
    for line in lines:
        text = str(line.input_line)
        section, _, option = line.key_or_group.partition(".")
        plain = not line.is_sweep_override() and not line.is_delete() and not text.startswith("+")
        if axis := DROPPED_AXIS.fullmatch(text):
            dropped.append(axis[1])
        elif section in SECTIONS and option and plain:
            value = "'null'" if line.value() is None else line.get_value_element_as_str()  # null is no choice
            words.append(f"{line.key_or_group}=choice({value})")
        else:
            words.append(text)
    return [*words, f"hydra.sweeper.drop=[{','.join(dropped)}]"] if dropped else words
