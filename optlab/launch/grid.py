"""The Hydra sweeper `grid`: every combination of the axes of a grid, and the union of several grids."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, RangeSweep
from hydra.core.plugins import Plugins
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

from optlab.core.errors import UserError
from optlab.core.options import conform, shown

MAX_JOBS = 250_000
"""Jobs of a sweep at most; they are counted before they are made."""

Axes = dict[str, list[str]]  # key -> overrides, one for each value
Job = tuple[str, ...]


def sweeper_options(
    params: dict[str, Any] | None = None,
    grids: dict[str, dict[str, Any] | None] | None = None,
    drop: tuple[str, ...] = (),
) -> None:
    """The options of the sweeper; this signature is their schema.

    Args:
        params: axes of all grids, ``{key: "value,value,..."}``.
        grids: further axes of every grid, by the grid's name.
        drop: keys of axes that are left out.
    """


def check_sweeper(section: Mapping[str, Any]) -> dict[str, Any]:
    """The options of the sweeper in the section `hydra.sweeper` of a configuration.

    Raises:
        UserError: an unknown option, or a wrong value.
    """
    options = {str(name): value for name, value in section.items() if name != "_target_"}
    return conform(options, sweeper_options, "hydra.sweeper")


class GridSweeper(Sweeper):
    """Hands all jobs of a sweep to the launcher at once; the launcher checks them."""

    def __init__(self, **section: Any) -> None:
        options = check_sweeper(section)
        self._params = options["params"] or {}
        self._grids = {name: axes or {} for name, axes in (options["grids"] or {}).items()}
        self._drop = set(options["drop"])
        self.config: DictConfig | None = None
        self.hydra_context: HydraContext | None = None
        self.launcher: Launcher | None = None

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Called by Hydra before `sweep`."""
        self.config, self.hydra_context = config, hydra_context
        self.launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> Any:
        """Launch every job of every grid; `arguments` are the overrides of the command line."""
        assert self.launcher is not None and self.hydra_context is not None
        loader = self.hydra_context.config_loader
        parser = OverridesParser.create(config_loader=loader)
        grids = [
            axes(parser.parse_overrides(_lines({**self._params, **own}, self._drop)))
            for own in self._grids.values() or [{}]
        ]
        requests = axes(parser.parse_overrides(arguments))
        groups = {key for key in requests if loader.get_group_options(key)}
        jobs = list(dict.fromkeys(union(grids, requests, groups)))
        return [self.launcher.launch(jobs, initial_job_idx=0)]


def axes(overrides: Sequence[Override]) -> Axes:
    """Key and overrides, one for each value, of parsed overrides.

    Raises:
        UserError: an interval, which has no values to enumerate, or a range without any.
    """
    axis_lines: Axes = {}
    for override in overrides:
        key = override.get_key_element()
        if override.is_sweep_override():
            if not override.is_discrete_sweep():
                raise UserError(
                    f"{override.input_line}: a grid needs values, not an interval; list them as {key}=1,2,3"
                )
            _refuse_many(override.input_line or key, _number_of_values(override.value()))
            axis_lines[key] = [f"{key}={value}" for value in override.sweep_string_iterator()]
            if not axis_lines[key]:
                raise UserError(
                    f"{override.input_line}: has no values, so there is nothing to train; give one"
                )
        else:
            axis_lines[key] = [_line(override)]
    return axis_lines


def union(grids: Sequence[Axes], requests: Axes, groups: set[str]) -> Iterator[Job]:
    """The jobs of all grids under the overrides `requests` on the command line.

    A value asked for takes the place of the axis in every grid. Where it chooses (``optimizer=adam``, a key
    in `groups`) and the grids differ in what they choose, it selects: a grid keeps those of its choices
    that are asked for, and what no grid has is added to the first.
    """
    grids = [dict(grid) for grid in grids]
    for key, lines in requests.items():
        choices = [line for grid in grids for line in grid.get(key, [])]
        if key in groups and any(line in choices for line in lines):
            extra = [line for line in lines if line not in choices]
            for i, grid in enumerate(grids):
                if key in grid:
                    common = [line for line in lines if line in grid[key]]
                    grid[key] = common + (extra if i == 0 else [])
                else:
                    grid[key] = lines
        else:
            for grid in grids:
                grid[key] = lines
    number = sum(math.prod(map(len, grid.values())) for grid in grids)
    widest = max((lines for grid in grids for lines in grid.values()), key=len, default=["sweep"])
    _refuse_many(widest[0].partition("=")[0], number)
    for grid in grids:
        yield from product(*grid.values())


def _number_of_values(sweep: Any) -> float:
    """How many values a range has, found without making them; 0 of an axis whose values are listed."""
    if not isinstance(sweep, RangeSweep) or sweep.start is None or sweep.stop is None or not sweep.step:
        return 0
    return abs((float(sweep.stop) - float(sweep.start)) / float(sweep.step))


def _refuse_many(axis: str, number: float) -> None:
    if not number <= MAX_JOBS:
        raise UserError(
            f"{shown(axis)}: the sweep has {number:,.0f} jobs, and {MAX_JOBS:,} at most can be trained; give "
            "fewer values, or divide them among several sweeps"
        )


def _lines(axes: Mapping[str, Any], drop: set[str]) -> list[str]:
    return [f"{key}={_text(value)}" for key, value in axes.items() if key not in drop]


def _text(value: Any) -> str:
    """The values of an axis as they stand on a command line; in a file they may be a list."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(map(_text, value))
    return "null" if value is None else str(value)


def _line(override: Override) -> str:
    if override.is_delete() and override.value_type is None:
        return override.get_key_element()
    return f"{override.get_key_element()}={override.get_value_element_as_str()}"
