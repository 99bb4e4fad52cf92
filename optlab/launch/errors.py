"""Hydra's and OmegaConf's errors in one line: the key, the value and the remedy."""

import re
from collections.abc import Iterator, Sequence

from hydra.errors import (
    ConfigCompositionException,
    HydraException,
    MissingConfigException,
    OverrideParseException,
)
from omegaconf import DictConfig
from omegaconf.errors import ConfigKeyError, OmegaConfBaseException
from yaml import YAMLError

from optlab.core.errors import UserError
from optlab.core.options import unknown
from optlab.launch.hydra_patches import argument_parser
from optlab.launch.own_files import place_of
from optlab.launch.search import GROUP, SECTIONS

OTHERS = ("problem", "experiment", "seed", "dtype", "objective_metric", "report")
"""Groups and keys outside the sections."""

MISTAKES = (UserError, HydraException, OmegaConfBaseException, YAMLError)
"""What a mistake in the configuration or on the command line raises."""


READERS = ("hydra", "omegaconf", "yaml", "antlr4", "codecs")
"""Packages that read configurations and command lines."""


def is_mistake(error: Exception) -> bool:
    """Whether an error is a mistake of the user's: one of MISTAKES, or raised by what reads configurations.

    Those could not make sense of what they were given.
    """
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    module = frame.tb_frame.f_globals.get("__name__", "") if frame else ""
    return isinstance(error, (*MISTAKES, RecursionError)) or module.partition(".")[0] in READERS


def as_user_error(error: BaseException, arguments: Sequence[str]) -> UserError:
    """The mistake behind an error, in one line; `arguments` are those of the command line."""
    chain = list(_chain(error))
    for link in chain:
        if isinstance(link, UserError):
            return link
    for link in chain:
        if isinstance(link, RecursionError):
            return UserError(
                "the configuration names itself in its defaults, or is nested too deeply; end the loop"
            )
        if isinstance(link, MissingConfigException) and link.missing_cfg_file and link.options:
            return _no_option(link.missing_cfg_file, list(link.options), arguments)
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
        return _no_key(missing[1], chain, arguments)
    if axis := re.search(r"Sweeping over Hydra's configuration is not supported : '([^']+)'", text):
        return UserError(
            f"{axis[1]}: options of Hydra take one value; an axis is written KEY=VALUES, as seed=0,1"
        )
    for link in chain:
        if isinstance(link, ConfigKeyError) and link.full_key:
            return _no_key(str(link.full_key), chain, arguments)
    keys = [str(key) for link in chain if (key := getattr(link, "full_key", None))]
    messages = [message for message in map(_first_lines, chain) if message]
    return UserError(": ".join(dict.fromkeys([*keys[:1], *messages])) or type(error).__name__)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it was raised from; Hydra names an error of OmegaConf's without raising from it.

    Some releases of Hydra raise errors from each other in a circle; each comes once.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (
            error.__context__ if isinstance(error, ConfigCompositionException) else None
        )


def _no_option(missing: str, options: list[str], arguments: Sequence[str]) -> UserError:
    group, _, name = missing.removesuffix(".yaml").rpartition("/")
    if group.startswith(f"{GROUP}/"):  # a study in a folder of its own
        group, _, name = missing.removesuffix(".yaml").partition("/")
    config_dir = argument_parser().parse_intermixed_args(list(arguments)).config_dir
    error = unknown(f"{group}={name}", f"there is no {group} '{name}'", name, options)
    return UserError(f"{error}{place_of(group, name, config_dir)}")


def _no_key(key: str, chain: Sequence[BaseException], arguments: Sequence[str]) -> UserError:
    """The error for a key that is not there; one in `chain` may know the section that should have it."""
    line = next((word for word in arguments if word.lstrip("~+").partition("=")[0] == key), key)
    for link in chain:
        section = getattr(link, "parent_node", None)
        if isinstance(section, DictConfig) and (path := section._get_full_key(None)):
            name = key.removeprefix(f"{path}.").partition(".")[0]
            return unknown(line, f"{path} has no option '{name}'", name, [str(option) for option in section])
    first, known = key.partition(".")[0], [*SECTIONS, *OTHERS]
    if first not in known:
        return unknown(line, f"there is no key '{first}'", first, known)
    if line.startswith("~"):
        return UserError(f"{line}: there is no key '{key}' to drop; optlab --cfg all shows all keys")
    return UserError(
        f"{line}: there is no key '{key}'; +{line} would add it, optlab --cfg all shows all keys"
    )


def _first_lines(error: BaseException) -> str:
    """The first lines of a message, without those that only advertise."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(line for line in lines[:3] if not line.startswith(("See ", "full_key", "object_type")))
