"""Where Hydra finds configurations: the folder conf, and experiments as the group `experiment`."""

import math
import re
from pathlib import Path
from random import Random
from typing import Any

from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.object_type import ObjectType
from hydra.plugins.config_source import ConfigLoadError, ConfigResult, ConfigSource
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import OmegaConf

from optlab.core.errors import UserError
from optlab.core.shipped import folder
from optlab.launch.hydra_patches import register_resolver

GROUP = "experiment"
SECTIONS = ("dataset", "model", "optimizer", "schedule", "training")
"""Groups that are sections of a run's configuration."""

MAX_POINTS = 10_000
"""Numbers of an axis that `logspace` writes down."""

FAMILY = re.compile(r'^@optimizer\([^)]*?family="(.+?)"', re.M)
"""How the file of an optimizer says which family it belongs to."""


class ExperimentSource(ConfigSource):
    """A flat folder of studies, offered as the options of one group."""

    @staticmethod
    def scheme() -> str:
        return "experiments"

    def _file(self, config_path: str) -> Path:
        group, _, name = config_path.partition("/")
        return (
            Path(self.path, self._normalize_file_name(name))
            if group == GROUP and name
            else Path(self.path, "-")
        )

    def load_config(self, config_path: str) -> ConfigResult:
        file = self._file(config_path)
        if not file.is_file():
            raise ConfigLoadError(f"Config not found: {file}")
        header = self._get_header_dict(file.read_text("utf-8")[:512])
        return ConfigResult(self.provider, f"{self.scheme()}://{self.path}", OmegaConf.load(file), header)

    def available(self) -> bool:
        return Path(self.path).is_dir()

    def is_group(self, config_path: str) -> bool:
        return config_path in ("", GROUP) and self.available()

    def is_config(self, config_path: str) -> bool:
        return self._file(config_path).is_file()

    def list(self, config_path: str, results_filter: ObjectType | None) -> list[str]:
        if config_path == "" and results_filter in (None, ObjectType.GROUP):
            return [GROUP]
        if config_path == GROUP and results_filter in (None, ObjectType.CONFIG):
            return sorted(file.stem for file in Path(self.path).glob("*.yaml"))
        return []


class ExperimentSearchPath(SearchPathPlugin):
    """Puts the experiments that come with optlab on Hydra's search path."""

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        search_path.append("optlab", f"{ExperimentSource.scheme()}://{folder('experiments')}")


def logspace(*bounds: int | float) -> str:  # OmegaConf 2.4 takes the annotation at its word
    """Numbers evenly spaced on a log scale, both ends included, as an axis: ``${logspace:1e-4,1,13}``.

    Raises:
        UserError: not two positive finite bounds and how many numbers.
    """
    sound = all(isinstance(value, int | float) and 0 < value < math.inf for value in bounds)
    if not sound or len(bounds) != 3 or int(bounds[2]) != bounds[2]:
        given = ",".join(map(str, bounds))
        raise UserError(
            f"${{logspace:{given}}}: needs two positive numbers and how many, as ${{logspace:1e-4,1,13}}"
        )
    low, high, number = bounds
    if number > MAX_POINTS:
        raise UserError(
            f"${{logspace:{low},{high},{number:g}}}: an axis has {MAX_POINTS:,} numbers at most; give fewer"
        )
    steps = max(int(number) - 1, 1)
    ratio = math.log(high / low)
    return ",".join(f"{low * math.exp(ratio * i / steps):.6g}" for i in range(int(number)))


def loguniform(*bounds: int | float) -> str:
    """Numbers drawn at random, uniform on a log scale, as an axis: ``${loguniform:1e-4,1,30}``.

    A fourth number is the seed, 0 where there is none: the same axis always has the same numbers, so that a
    sweep can be resumed. Longer axes begin with the numbers of shorter ones.

    Raises:
        UserError: not two positive finite bounds, how many numbers and perhaps a seed; or too many.
    """
    low, high, number, seed = (*bounds, 0, 0, 0, 0)[:4] if len(bounds) < 4 else bounds[:4]
    whole = all(int(value) == value >= 0 for value in (number, seed) if math.isfinite(value))
    sound = all(isinstance(value, int | float) and 0 < value < math.inf for value in (low, high, number))
    if not sound or not whole or len(bounds) not in (3, 4) or not math.isfinite(seed):
        raise UserError(
            f"${{loguniform:{','.join(map(str, bounds))}}}: needs two positive numbers, how many and perhaps "
            "a seed, as ${loguniform:1e-4,1,30}"
        )
    if number > MAX_POINTS:
        raise UserError(
            f"${{loguniform:{low},{high},{number:g}}}: an axis has {MAX_POINTS:,} numbers at most; give fewer"
        )
    draws = Random(f"loguniform {int(seed)}")
    ratio = math.log(high / low)
    return ",".join(f"{low * math.exp(ratio * draws.random()):.6g}" for _ in range(int(number)))


def default(value: Any, otherwise: Any) -> Any:
    """`value`, or `otherwise` where it is null: ``${default:${experiment},sweep}``."""
    return otherwise if value is None else value


def methods() -> str:
    """The optimizers, a line for each family, as the help shows them: ``${methods:}``.

    Read from the text of their files: importing them takes longer than all else that the help needs.
    """
    families = dict[str, list[str]]()
    for file in sorted((Path(__file__).resolve().parents[1] / "optimizers").glob("*.py")):
        if declared := FAMILY.search(file.read_text("utf-8")):
            families.setdefault(declared[1], []).append(file.stem)
    return "\n".join(f"  {family}: {', '.join(names)}" for family, names in sorted(families.items()))


def register_resolvers() -> None:
    """Make `logspace`, `loguniform`, `default` and `methods` known to configurations."""
    register_resolver("methods", methods)
    register_resolver("logspace", logspace)
    register_resolver("loguniform", loguniform)
    register_resolver("default", default)
