"""Configurations of a sweep's jobs: composed once for every distinct set of choices, then filled with values.

Hydra takes tens of milliseconds to compose a configuration. The jobs of a sweep mostly differ in plain
values (``optimizer.lr=0.1``), which need no composing: they are set on a copy.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from hydra.core.config_loader import ConfigLoader
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig, OmegaConf, open_dict

from optlab.core.options import unknown
from optlab.launch.hydra_patches import hydra_section

if TYPE_CHECKING:
    from optlab.runs.schema import Config

REFERENCE = re.compile(r"\$\{([A-Za-z_][\w.]*)\}")
"""The plainest interpolation, such as ``${seed}``: the value of another key."""


class Value(NamedTuple):
    """A plain value for a key of the configuration."""

    path: tuple[str, ...]
    value: Any
    line: str


class Template(NamedTuple):
    """A composed configuration, interpolations not yet resolved."""

    config: "Config"
    interpolations: list[tuple[str, ...]]  # where they stand
    hydra: DictConfig  # what ${hydra:...} refers to


class Composer:
    """Composes the jobs of one sweep."""

    def __init__(self, loader: ConfigLoader, master: DictConfig) -> None:
        self._loader, self._master = loader, master
        self._parser = OverridesParser.create(config_loader=loader)
        self._groups: dict[str, bool] = {}
        self._values: dict[str, Value | None] = {}
        self._templates: dict[tuple[str, ...], Template] = {}

    def config(self, overrides: Sequence[str]) -> "Config":
        """The resolved configuration of the job that `overrides` describe.

        Raises:
            UserError: a value for a key that the chosen configuration does not have.
            HydraException: a choice that does not exist, or an override that cannot be read.
        """
        values = [(line, self._value(line)) for line in overrides]
        template = self._template(tuple(line for line, value in values if value is None))
        config = _copy(template.config)
        for _, value in values:
            if value is not None:
                _set(config, value)
        return _resolve(config, template)

    def _value(self, line: str) -> Value | None:
        """The plain value that an override sets; None if Hydra has to compose it."""
        if line not in self._values:
            override = self._parser.parse_override(line)
            key = override.key_or_group
            needs_hydra = (
                not line.startswith(key)  # + ++ ~
                or override.package is not None
                or override.is_hydra_override()
                or self._is_group(key)
            )
            value = None if needs_hydra else override.value()
            if isinstance(value, list | dict) or (isinstance(value, str) and "${" in value):
                needs_hydra = True
            self._values[line] = None if needs_hydra else Value(tuple(key.split(".")), value, line)
        return self._values[line]

    def _is_group(self, key: str) -> bool:
        if key not in self._groups:
            self._groups[key] = bool(self._loader.get_group_options(key))
        return self._groups[key]

    def _template(self, choices: tuple[str, ...]) -> Template:
        if choices not in self._templates:
            config = self._loader.load_sweep_config(self._master, list(choices))
            hydra = config.hydra
            with open_dict(config):
                del config["hydra"]
            self._templates[choices] = _template_of(config, hydra)
        return self._templates[choices]


def _template_of(config: DictConfig, hydra: DictConfig) -> Template:
    """What Hydra has composed, as plain containers, with the name of the experiment noted in it."""
    plain = OmegaConf.to_container(config, resolve=False, throw_on_missing=True)
    assert isinstance(plain, dict)
    plain["experiment"] = hydra.runtime.choices.get("experiment")
    return Template(plain, list(_interpolations(plain)), hydra)  # type: ignore[arg-type]


def job_config(config: DictConfig, hydra: DictConfig) -> "Config":
    """The resolved configuration of a job that Hydra has composed."""
    template = _template_of(config, hydra)
    return _resolve(template.config, template)


def run_overrides(overrides: Sequence[str]) -> list[str]:
    """The overrides that concern a run: all but those of its report."""
    return [line for line in overrides if not re.match(r"[+~]*report\b", line)]


def _copy(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _copy(value) for key, value in node.items()}
    return [_copy(value) for value in node] if isinstance(node, list) else node


def _set(config: "Config", value: Value) -> None:
    node: Any = config
    for i, key in enumerate(value.path):
        if not isinstance(node, dict) or key not in node:
            parent = ".".join(value.path[:i])
            why = f"{parent} has no option '{key}'" if parent else f"there is no key '{key}'"
            raise unknown(value.line, why, key, list(node) if isinstance(node, dict) else [])
        if i < len(value.path) - 1:
            node = node[key]
    node[value.path[-1]] = value.value


def _interpolations(node: Any, path: tuple[Any, ...] = ()) -> Any:
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _interpolations(value, (*path, key))
    elif isinstance(node, str) and "${" in node:
        yield path


def _get(node: Any, path: Sequence[Any]) -> Any:
    for key in path:
        node = node[key] if isinstance(node, list) or key in (node or {}) else None
    return node


def _resolve(config: "Config", template: Template) -> "Config":
    """`config` with its interpolations replaced by what they stand for."""
    for path in template.interpolations:
        reference = REFERENCE.fullmatch(str(_get(config, path)))
        target = _get(config, reference[1].split(".")) if reference else None
        if target is None or isinstance(target, dict | list) or "${" in str(target):
            return _resolve_by_omegaconf(config, template)
        _get(config, path[:-1])[path[-1]] = target
    return config


def _resolve_by_omegaconf(config: "Config", template: Template) -> "Config":
    with hydra_section(template.hydra):
        resolved = OmegaConf.to_container(OmegaConf.create(config), resolve=True)
    return resolved  # type: ignore[return-value]
