"""Hydra's and OmegaConf's errors in one line: the key, the value and the remedy."""

import re
from collections.abc import Iterator, Sequence

from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from optlab.core.errors import UserError
from optlab.core.options import unknown
from optlab.launch.search import SECTIONS

OTHERS = ("problem", "experiment", "seed", "dtype", "objective_metric", "report")
"""Groups and keys outside the sections."""

MISTAKES = (UserError, HydraException, OmegaConfBaseException, YAMLError)
"""What a mistake in the configuration or on the command line raises."""


def is_mistake(error: Exception) -> bool:
    """Whether an error is a mistake of the user's: one of MISTAKES, or raised by code of Hydra or OmegaConf.

    Those could not make sense of what they were given.
    """
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    module = frame.tb_frame.f_globals.get("__name__", "") if frame else ""
    return isinstance(error, MISTAKES) or module.partition(".")[0] in ("hydra", "omegaconf")


def as_user_error(error: BaseException, overrides: Sequence[str]) -> UserError:
    """The mistake behind an error, in one line; `overrides` are those of the command line."""
    chain = list(_chain(error))
    for link in chain:
        if isinstance(link, UserError):
            return link
    for link in chain:
        if isinstance(link, MissingConfigException) and link.missing_cfg_file and link.options:
            return _no_option(link.missing_cfg_file, list(link.options))
        if isinstance(link, OverrideParseException):
            reason = str(link.message).partition("\n")[0]
            return UserError(
                f"{link.override}: cannot be read ({reason}); write KEY=VALUE, with quotes around odd text"
            )
    text = " ".join(str(link) for link in chain)
    if ambiguous := re.search(
        r"Ambiguous value for argument '(.+?)'\s*\n|Sweep parameters '(.+?)' requires", text
    ):
        line = ambiguous[1] or ambiguous[2]
        return UserError(f"{line}: several values make a sweep; add -m")
    if missing := re.search(r"Could not (?:override|delete from config\.) '([^']+)'", text):
        return _no_key(missing[1], chain, overrides)
    keys = [str(key) for link in chain if (key := getattr(link, "full_key", None))]
    messages = [message for message in map(_first_lines, chain) if message]
    return UserError(": ".join(dict.fromkeys([*keys[:1], *messages])) or type(error).__name__)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it was raised from."""
    while error is not None:
        yield error
        error = error.__cause__


def _no_option(missing: str, options: list[str]) -> UserError:
    group, _, name = missing.removesuffix(".yaml").rpartition("/")
    return unknown(f"{group}={name}", f"there is no {group} '{name}'", name, options)


def _no_key(key: str, chain: Sequence[BaseException], overrides: Sequence[str]) -> UserError:
    line = next((o for o in overrides if o.lstrip("~+").partition("=")[0] == key), key)
    section, _, name = key.rpartition(".")
    if not section:
        return unknown(line, f"there is no key '{key}'", key, [*SECTIONS, *OTHERS])
    options: list[str] = []
    for link in chain:
        node = getattr(link, "parent_node", None)
        if isinstance(node, DictConfig):
            options = [str(option) for option in node]
    if not options and line.startswith("~"):
        return UserError(f"{line}: there is no key '{key}' to drop; optlab --cfg all shows all keys")
    if not options:
        return UserError(
            f"{line}: there is no key '{key}'; +{line} would add it, optlab --cfg all shows all keys"
        )
    return unknown(line, f"{section} has no option '{name}'", name, options)


def _first_lines(error: BaseException) -> str:
    """The first lines of a message, without those that only advertise."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(line for line in lines[:3] if not line.startswith(("See ", "full_key", "object_type")))
