"""The axes of figures: logarithmic or linear, with a handful of readable numbers, all in one format."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import (
    FixedLocator,
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    NullLocator,
    ScalarFormatter,
)

from optlab.report import words

SMALLEST = 1e-290  # smaller positive numbers are drawn here: matplotlib cannot divide by them
PLAIN = 1e-4, 1e5  # between these, numbers are written without powers of ten


def visible(values: Any) -> Any:
    """`values` as an array, positive numbers too small to be drawn moved up to `SMALLEST`."""
    array = np.asarray(values, float)
    return np.where(array > 0, np.maximum(array, SMALLEST), array)


def visible_ends(table: pd.DataFrame) -> dict[str, Any]:
    """The columns ``median low high`` of a table as `visible` numbers."""
    return {name: visible(table[name]) for name in ("median", "low", "high")}


def log_helps(values: Sequence[float] | Any, factor: float = 5.0) -> bool:
    """Whether `values` are positive and span more than `factor`."""
    finite = np.asarray(values, float)
    finite = finite[np.isfinite(finite)]
    return bool(len(finite) and finite.min() > 0 and finite.max() / factor > finite.min())


def all_positive(values: Any) -> bool:
    """Whether the finite ones of `values` have logarithms."""
    finite = np.asarray(values, float)
    return bool((finite[np.isfinite(finite)] > 0).all())


def log_axis(axes: Axes, which: str) -> None:
    """A logarithmic axis with labels at powers of ten, at 1, 2 and 5 where it spans little."""
    getattr(axes, f"set_{which}scale")("log")
    axis: Axis = getattr(axes, f"{which}axis")
    low, high = sorted(getattr(axes, f"get_{which}lim")())
    decades = np.log10(high) - np.log10(low)
    subs = (1.0, 2.0, 5.0) if decades < 2.2 else (1.0,)
    most = 8 if which == "y" else max(3, min(7, int(axes.bbox.width / axes.figure.dpi / 0.4)))
    axis.set_major_locator(LogLocator(10, subs=subs, numticks=most))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(_labels(low, high))


def log_axis_from_zero(axes: Axes, smallest: float, largest: float) -> None:
    """A logarithmic x axis which has room for 0, left of `smallest`."""
    axes.set_xscale("symlog", linthresh=smallest, linscale=0.35)
    powers = 10.0 ** np.arange(np.ceil(np.log10(smallest)), np.floor(np.log10(largest)) + 1)
    powers = powers[:: max(1, -(-len(powers) // 6))]
    axes.xaxis.set_major_locator(FixedLocator([0.0, *powers]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(_labels(smallest, largest))


def linear_axis(axes: Axes, which: str) -> None:
    """A linear axis with a handful of round numbers as labels."""
    axis: Axis = getattr(axes, f"{which}axis")
    low, high = sorted(getattr(axes, f"get_{which}lim")())
    many_digits, largest = abs(high) > 1e4 * abs(high - low), max(abs(low), abs(high))
    locator = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10])
    wide = which == "x" and max(len(f"{tick:.6g}") for tick in locator.tick_values(low, high)) > 6
    locator.set_params(nbins=2 if many_digits else 3 if wide else 5)
    axis.set_major_locator(locator)
    if not many_digits and not 1e-4 <= largest < 1e6:  # powers of ten beside the numbers, not at the corner
        axis.set_major_formatter(FuncFormatter(lambda value, _: words.rate(value).replace("-", "−")))
    else:
        axis.set_major_formatter(ScalarFormatter(useOffset=False))


def share_axis(axes: Axes, which: str) -> None:
    """A linear axis of shares, accuracies say, that ends at 0 and 1 even if the data are near."""
    low, high = getattr(axes, f"get_{which}lim")()
    margin = 0.03 * (min(high, 1.0) - max(low, 0.0))
    getattr(axes, f"set_{which}lim")(max(low, -margin), min(high, 1 + margin))
    linear_axis(axes, which)
    axis: Axis = getattr(axes, f"{which}axis")
    ticks = [tick for tick in axis.get_majorticklocs() if -1e-9 <= tick <= 1 + 1e-9]
    axis.set_major_locator(FixedLocator(ticks))


def _labels(low: float, high: float) -> FuncFormatter:
    """Powers of ten on the whole axis where one end needs them, else plain numbers."""
    text: Callable[[float], str] = words.rate if PLAIN[0] <= low and high < PLAIN[1] else words.power
    return FuncFormatter(lambda value, _: "0" if value == 0 else text(value))
