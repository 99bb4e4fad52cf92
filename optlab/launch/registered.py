"""Functions of the user's own as options of Hydra's groups: their signatures and defaults are the schema.

A name that is registered, or announced as an entry point, needs no YAML file; one that is there comes first.
With ``-cd DIR`` the Python files in DIR are imported, so that what they register is known.
"""

import os
import sys
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.object_type import ObjectType
from hydra.plugins.config_source import ConfigLoadError, ConfigResult, ConfigSource
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import OmegaConf

from optlab.core.errors import UserError

SCHEME = "registered"
MODULES = {
    "dataset": "optlab.datasets",
    "model": "optlab.models",
    "optimizer": "optlab.optimizers",
    "schedule": "optlab.training.schedules",
}
"""Where the registry of each group is; only what has been imported can hold a function of the user's."""


class RegisteredSource(ConfigSource):
    """What the user has registered, offered as options of the groups."""

    @staticmethod
    def scheme() -> str:
        return SCHEME

    def load_config(self, config_path: str) -> ConfigResult:
        group, _, name = self._normalize_file_name(config_path).removesuffix(".yaml").partition("/")
        if name not in names(group):
            raise ConfigLoadError(f"Config not found: {config_path}")
        header: dict[str, str | None] = {"package": None}
        return ConfigResult(self.provider, self.path, OmegaConf.create(section(group, name)), header)

    def available(self) -> bool:
        return True

    def is_group(self, config_path: str) -> bool:
        return config_path == "" or bool(names(config_path))

    def is_config(self, config_path: str) -> bool:
        group, _, name = config_path.removesuffix(".yaml").partition("/")
        return name in names(group)

    def list(self, config_path: str, results_filter: ObjectType | None) -> list[str]:
        if config_path == "" and results_filter in (None, ObjectType.GROUP):
            return sorted(group for group in MODULES if names(group))
        return sorted(names(config_path)) if results_filter in (None, ObjectType.CONFIG) else []


class RegisteredSearchPath(SearchPathPlugin):
    """Puts what the user has registered behind all files on Hydra's search path."""

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        search_path.append("registered", f"{SCHEME}://")


def names(group: str) -> set[str]:
    """The options of a group that the user's own code gives."""
    module = MODULES.get(group)
    if module is None:
        return set()
    found = {point.name for point in entry_points(group=f"optlab.{group}s")}
    if module in sys.modules:
        registry = import_module(module).REGISTRY
        found |= {entry.factory.__name__ for entry in registry.user_entries()}
    return found


def section(group: str, name: str) -> dict[str, Any]:
    """The section of a configuration that chooses a function, every option at its default.

    An option that has none is null: the schema then asks for it.
    """
    from optlab.core.options import annotations
    from optlab.runs.schema import defaults_of, signatures

    functions = signatures({group: {"name": name}}, group)
    required = {option: None for function in functions for option in annotations(function)}
    return {"name": name, **required, **defaults_of(functions)}


def import_files(folder: Path) -> None:
    """Import the Python files of a folder, whose functions register themselves; workers find them, too.

    Raises:
        UserError: a file that cannot be imported, or whose name another module has.
    """
    files = sorted(folder.glob("*.py")) if folder.is_dir() else []
    if not files:
        return
    place = str(folder.resolve())
    if place not in sys.path:
        sys.path.insert(0, place)
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [place, os.environ.get("PYTHONPATH")]))
    for file in files:
        try:
            module = import_module(file.stem)
        except UserError:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}".partition("\n")[0]
            raise UserError(f"{file}: cannot be imported ({reason}); mend it") from error
        found = getattr(module, "__file__", None)
        if found is None or Path(found).resolve() != file.resolve():
            raise UserError(f"{file}: another module is called {file.stem}; rename the file")
