"""Every place where optlab changes Hydra, or does one thing on Hydra 1.3 and another on 1.4."""

import inspect
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import hydra
from hydra._internal.config_repository import ConfigRepository
from hydra._internal.utils import get_args_parser
from hydra.core.config_store import ConfigStore
from hydra.core.hydra_config import HydraConfig
from hydra.core.plugins import Plugins
from hydra.plugins.config_source import ConfigResult, ConfigSource
from hydra.plugins.plugin import Plugin
from hydra.types import TaskFunction
from omegaconf import DictConfig, OmegaConf

from optlab.core.errors import UserError

LOAD_CONFIG = ConfigRepository.load_config

TRUSTED = ["optlab.*", "hydra.experimental.callbacks.*"]
"""What configurations may name as a `_target_`, beside Hydra's own plugins."""


def register_plugin(plugin: type[Plugin]) -> None:
    """Make a plugin known to Hydra; 1.3 admits only those of the namespace `hydra_plugins`."""
    name = f"{plugin.__module__}.{plugin.__name__}"
    admits: Any = getattr(Plugins, "is_in_toplevel_plugins_module", None)
    if admits is not None and not admits(name):
        admit: Any = staticmethod(lambda other: other == name or admits(other))
        Plugins.is_in_toplevel_plugins_module = admit  # type: ignore[method-assign]
    Plugins.instance().register(plugin)


def register_resolver(name: str, resolver: Callable[..., Any]) -> None:
    """Make ``${name:...}`` known to configurations."""
    register: Any = OmegaConf.register_resolver
    if "replace" not in inspect.signature(register).parameters:  # 2.3, where this is an older function
        register = OmegaConf.register_new_resolver
    register(name, resolver, replace=True)


def share_config_store() -> None:
    """Let Hydra's store of configurations be its own deep copy.

    Hydra copies the store whenever it composes, and only reads the copy.
    """
    ConfigStore.__deepcopy__ = lambda store, memo: store  # type: ignore[attr-defined]


def check_configurations(check: Callable[[str, ConfigResult, Sequence[ConfigSource]], None]) -> None:
    """Call `check` with every configuration that Hydra loads: path, result, and the places that have it."""

    def load_config(repository: ConfigRepository, config_path: str) -> ConfigResult | None:
        try:
            result = LOAD_CONFIG(repository, config_path)
        except (RecursionError, ValueError) as error:
            raise _unreadable(repository, config_path, error) from error
        if result is not None:
            places = [source for source in repository.sources if source.is_config(config_path)]
            check(config_path, result, places)
        return result

    ConfigRepository.load_config = load_config  # type: ignore


def _unreadable(repository: ConfigRepository, config_path: str, error: Exception) -> UserError:
    """The error for a configuration that YAML cannot make sense of, and does not name."""
    place = next(source.full_path() for source in repository.sources if source.is_config(config_path))
    file = f"{place.removeprefix('file://')}/{config_path.removesuffix('.yaml')}.yaml"
    reason = str(error).partition("\n")[0]
    if isinstance(error, UnicodeDecodeError):
        return UserError(f"{file}: is no UTF-8 ({reason}); save it as UTF-8")
    if isinstance(error, RecursionError):
        return UserError(f"{file}: holds itself, or is nested too deeply; make it flatter")
    return UserError(f"{file}: holds a value that cannot be read ({reason}); mend it")


def argument_parser() -> Any:
    """Hydra's parser of the command line; what it refuses is a `UserError`."""
    parser = get_args_parser()

    def refuse(message: str) -> NoReturn:
        raise UserError(f"{message}; see optlab --help")

    parser.error = refuse  # type: ignore[method-assign]
    return parser


def run_application(task: TaskFunction, arguments: Sequence[str], config_path: str) -> None:
    """Run `task` as a Hydra application with this command line; errors are raised, not printed."""
    options = {"execution_whitelist": TRUSTED} if _is_newer() else {"version_base": "1.3"}
    main: Any = hydra.main
    with _environment(arguments):
        main(config_path=config_path, config_name="config", **options)(task)()
        sys.stdout.flush()


def compose(config_path: str, config_name: str, overrides: Sequence[str]) -> DictConfig:
    """The configuration of these overrides, with its section `hydra`, without an application."""
    options: dict[str, Any] = {} if _is_newer() else {"version_base": "1.3"}
    with hydra.initialize_config_dir(config_path, **options):
        return hydra.compose(config_name, list(overrides), return_hydra_config=True)


def _is_newer() -> bool:
    """Whether this is Hydra 1.4, which has no use for `version_base`."""
    return "execution_whitelist" in inspect.signature(hydra.main).parameters


@contextmanager
def hydra_section(section: DictConfig) -> Iterator[None]:
    """`section` is what ``${hydra:...}`` refers to."""
    current: Any = HydraConfig.instance()
    before, current.cfg = current.cfg, OmegaConf.create({"hydra": section})
    try:
        yield
    finally:
        current.cfg = before


@contextmanager
def _environment(arguments: Sequence[str]) -> Iterator[None]:
    """`sys.argv` as Hydra reads it, and Hydra set to raise errors instead of printing them."""
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
