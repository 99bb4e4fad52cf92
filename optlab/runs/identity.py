"""The identity of a run: a hash of what decides its numbers.

A run of optlab's own code has an id of 16 digits, a hash of its configuration, the checksum of its data and
the version of the random streams. Options at their default are left out, so that an option that optlab learns
later changes no id; so a default, once released, stays. Where a factory is not optlab's, eight digits follow
after a hyphen: a hash of the source of all such factories.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from optlab.core.options import without_defaults
from optlab.core.streams import VERSION
from optlab.runs.schema import CHECKS, REGISTRIES, RESULT, Config, settings, signatures
from optlab.runs.source import source

PATHS = ("path", "test_path")
"""Options of a data set that say where it lies."""


@dataclass(frozen=True)
class Run:
    """One run of a sweep."""

    run_id: str
    config: Config  # canonical
    overrides: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What the user calls it: its overrides, or its id where there are none."""
        return " ".join(self.overrides) or self.run_id


def run_of(config: Config, sha256: str, overrides: Sequence[str] = ()) -> Run:
    """The run that a canonical configuration describes, on data with that checksum.

    Its id does not depend on where the data lie, nor on what only names or ranks runs.
    """
    return Run("-".join([_recipe(config, sha256), *_sources(config)]), config, tuple(overrides))


def is_run_on(run: Run, sha256: str) -> bool:
    """Whether data with this checksum give a run its id.

    The source of code that is not optlab's may have changed since.
    """
    return run.run_id.partition("-")[0] == _recipe(run.config, sha256)


def is_of_earlier_streams(run: Run, recorded: Config, sha256: str) -> bool:
    """Whether data with this checksum gave a run its id in an optlab with other random streams.

    `recorded` is its configuration as a folder holds it, which in format 1 was hashed with all options.
    """
    earlier = _decisive(run.config), _with_all_options({**run.config, **recorded})
    return run.run_id.partition("-")[0] in [digest([content, sha256]) for content in earlier]


def has_source(run_id: str, config: Config) -> bool:
    """Whether the run of a canonical configuration was trained by code that is still the same."""
    recorded = run_id.partition("-")[2]
    return not recorded or [recorded] == _sources(config)


def digest(content: Any) -> str:
    """Sixteen digits that stand for a JSON value."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def data_digest(config: Config) -> str:
    """Sixteen digits that stand for the section `dataset` of a configuration."""
    return digest(config["dataset"])


def _recipe(config: Config, sha256: str) -> str:
    """The part of an id that configuration, data and random streams decide."""
    return digest([_decisive(config), sha256, f"streams {VERSION}"])


def _decisive(config: Config) -> Config:
    """What a configuration says beyond the defaults, of what decides the numbers."""
    decisive = {name: without_defaults(config[name], *signatures(config, name)) for name in CHECKS}
    decisive["dataset"] = _without_paths(decisive["dataset"])
    single = {key: config[key] for key in RESULT if key not in CHECKS}
    return decisive | without_defaults(single, settings)


def _with_all_options(config: Config) -> Config:
    """The same with all options."""
    return {key: config[key] for key in RESULT} | {"dataset": _without_paths(config["dataset"])}


def _sources(config: Config) -> list[str]:
    """The part of an id that code decides; none if all of it is optlab's."""
    entries = {name: registry.entry(config[name]["name"]) for name, registry in REGISTRIES.items()}
    texts = [[name, source(entry.factory)] for name, entry in entries.items() if not entry.is_own]
    return [digest(texts)[:8]] if texts else []


def _without_paths(section: Config) -> Config:
    return {key: value for key, value in section.items() if key not in PATHS}
