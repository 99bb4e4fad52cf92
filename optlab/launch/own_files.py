"""Configuration files of the user's own: what Hydra would pass over without a word is refused."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from hydra.core.default_element import GroupDefault
from hydra.plugins.config_source import ConfigResult, ConfigSource
from omegaconf import OmegaConf

from optlab.core.errors import UserError
from optlab.core.shipped import folder
from optlab.launch.registered import SCHEME
from optlab.launch.search import GROUP

BUNDLED = ("hydra", "main", "optlab")
"""Hydra's names for the places that are not the user's."""

CHOSEN = tuple(f"hydra/{group}" for group in ("help", "hydra_logging", "job_logging", "launcher", "sweeper"))
"""Groups of Hydra's that `conf/config.yaml` chooses from: it comes first."""


def check_file(path: str, result: ConfigResult, sources: Sequence[ConfigSource]) -> None:
    """Let a study set keys of the whole configuration, and refuse files that have no effect.

    Args:
        path: of a configuration on the search path, such as ``experiment/pima``.
        result: what was loaded. The package of a study becomes ``_global_`` unless its header says else.
        sources: the places on the search path that have such a file; the first was read.

    Raises:
        UserError: a study that sets nothing, a choice of Hydra's own groups that `config.yaml` has made
            already, or a file that another one of the same name comes before.
    """
    path = path.removesuffix(".yaml")
    group, _, name = path.partition("/")
    if group == GROUP and name:
        result.header["package"] = result.header["package"] or "_global_"
        if not result.config and not result.defaults_list:
            raise UserError(
                f"{group}={name}: the file sets nothing; give it axes under hydra.sweeper.params, as "
                "optlab's own studies have them"
            )
    for entry in (result.defaults_list or []) if name else []:
        chosen = str(entry.group).lstrip("/") if isinstance(entry, GroupDefault) and entry.override else ""
        if chosen in CHOSEN:
            raise UserError(
                f"{_file(sources[0], path)}: its override of {chosen} would be passed over; leave it out and "
                f"put {chosen}={entry.get_name()} on the command line"
            )
    files = [source for source in sources if source.scheme() not in ("structured", SCHEME)]
    for other in files[1:]:
        own, read = _content(other, path), _content(files[0], path)
        if own != read and (name or own.keys() & read.keys()):  # config.yaml may be that of another program
            first = "optlab's own" if files[0].provider in BUNDLED else _file(files[0], path)
            raise UserError(
                f"{_file(other, path)}: is not read, for {first} has the same name; rename the file"
            )


def check_folder(config_dir: Path) -> None:
    """Refuse folders of ``-cd DIR`` that are not read because their names are misspelt.

    Raises:
        UserError: a folder of YAML files whose name is almost that of a group.
    """
    groups = [*(path.name for path in folder("conf").iterdir() if path.is_dir()), GROUP]
    for path in sorted(config_dir.iterdir()) if config_dir.is_dir() else ():
        meant = get_close_matches(path.name, groups, n=1, cutoff=0.85)
        if meant and path.name not in groups and any(path.glob("*.yaml")):
            raise UserError(f"{path}: is not read; rename the folder to {path.with_name(meant[0])}")


def place_of(group: str, name: str, config_dir: str | None) -> str:
    """Where a file has to be that was not found as an option of a group, as the end of a message."""
    if config_dir is None:
        return f"; with -cd DIR, files in DIR/{group} are options too" if group == GROUP else ""
    patterns = [f"{place}{name}.{ending}" for place in ("", "*/") for ending in ("yaml", "yml")]
    for path in [path for pattern in patterns for path in sorted(Path(config_dir).glob(pattern))]:
        return f"; move {path} to {Path(config_dir) / group / name}.yaml"
    return ""


def _content(source: ConfigSource, path: str) -> dict[Any, Any]:
    content = OmegaConf.to_container(source.load_config(path).config, resolve=False)
    return content if isinstance(content, dict) else {}


def _file(source: ConfigSource, path: str) -> str:
    return f"{source.full_path()}/{path}.yaml".removeprefix("file://")
