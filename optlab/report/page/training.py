"""The command that trains one run again, from the configuration that the run records."""

import json
import re
import shlex
from functools import cache
from typing import Any

import pandas as pd
import yaml

from optlab.analysis.problem.problems import configuration
from optlab.core.shipped import folder

SECTIONS = ("dataset", "model", "optimizer", "schedule", "training")
UNNAMED = {"training": "default"}  # sections without a name, and what serves unless another is chosen
USUAL = {"schedule": "constant", "training": "default"}  # choices that need no word
PLAIN = re.compile(r"[A-Za-z_./][\w./+*-]*")
"""Texts that Hydra reads as they are, but for these:"""
RESERVED = {"null", "true", "false", "nan", "inf"}


def training_command(run: pd.Series, folder_name: str) -> str:
    """``optlab dataset=... optimizer=...``: what differs from the defaults of the chosen files.

    A run of which a section is no file of optlab's, but a user's own, is trained by its id instead, from the
    folder that records it.
    """
    config = configuration(run["config"])
    words = _words(config)
    return shlex.join(["optlab", *words] if words else ["optlab-verify", folder_name, "--run", run["run_id"]])


def _words(config: dict[str, Any]) -> list[str]:
    """The overrides; none where a section has no file."""
    words = []
    for section in SECTIONS:
        own = config.get(section)
        name = UNNAMED.get(section) or (own.get("name") if isinstance(own, dict) else None)
        usual = defaults(section, str(name))
        if not isinstance(own, dict) or usual is None:
            return []
        words += [f"{section}={name}"] * (USUAL.get(section) != name)
        words += [
            f"{'' if option in usual else '++'}{section}.{option}={_text(value)}"
            for option, value in own.items()
            if option not in usual or not _is_same(value, usual[option])
        ]
    for key, value in (("seed", 0), ("dtype", "float64")):
        words += [f"{key}={config[key]}"] * (config.get(key, value) != value)
    return words


@cache
def defaults(section: str, name: str) -> dict[str, Any] | None:
    """The options in ``conf/SECTION/NAME.yaml`` and in the files that it includes; None if there is none."""
    path = folder("conf") / section / f"{name}.yaml"
    if not re.fullmatch(r"\w+", name) or not path.is_file():
        return None
    own = yaml.safe_load(path.read_text("utf-8"))
    included = [str(entry).removeprefix("/").removesuffix("@_here_") for entry in own.pop("defaults", [])]
    for other in included:
        if other != "_self_":
            own |= yaml.safe_load((folder("conf") / f"{other}.yaml").read_text("utf-8"))
    return own


def _is_same(value: Any, usual: Any) -> bool:
    return value == usual and isinstance(value, bool) == isinstance(usual, bool)


def _text(value: Any) -> str:
    """A value in Hydra's grammar."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{_text(own)}" for key, own in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, str) and not (PLAIN.fullmatch(value) and value.lower() not in RESERVED):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value if isinstance(value, str) else json.dumps(value)
