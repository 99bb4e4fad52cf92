"""Columns and numbers as a reader sees them."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from optlab.training import metrics

DERIVED = {"gap": "gap J − J*"}
"""What the analysis adds to the recorded metrics."""

AXES = {
    "step": "steps",
    "epoch": "epochs (passes over the training data)",
    "gradient_evals": "gradient evaluations (full-data equivalents)",
    "gradient_equivalents": "gradient-equivalents (all work, in full gradients)",
    "hessian_work": "Hessian-vector products (a Hessian is P)",
    "flops": "floating-point operations (counted)",
    "seconds": "seconds (evaluation excluded)",
}

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def metric(column: str) -> str:
    """``final_train_cost`` -> ``final training cost J``."""
    final = {"final": "final ", "best": "best "}.get(column.partition("_")[0], "")
    return final + label(column)


def label(column: str) -> str:
    """``final_train_cost`` -> ``training cost J``, ``sparsity_2`` -> ``share of silent units in ...``."""
    name, metric = metrics.trajectory_column(column), metrics.metric_of(column)
    if metric is None:
        return DERIVED.get(name, name.replace("_", " "))
    layer = f" in hidden layer {name.rpartition('_')[2]}" if metric.per_layer else ""
    return metric.label + layer


def short_axis(axis: str) -> str:
    """``gradient evaluations``, without what stands in parentheses."""
    return AXES[axis].split(" (")[0]


def number(value: float, digits: int = 4) -> str:
    """`value` with `digits` significant digits; ``–`` for NaN, ``∞`` for infinity."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 10**digits:
        return f"{value:#.{digits}g}".rstrip(".").replace("-", "−")
    mantissa, exponent = f"{value:.{max(digits - 2, 0)}e}".split("e")
    return f"{mantissa.replace('-', '−')}×10{str(int(exponent)).translate(SUPERSCRIPTS)}"


def count(value: float) -> str:
    """A number of things: ``12``, ``1,200``, ``3.5``."""
    if not math.isfinite(value):
        return number(value)
    rounded = round(value, 1 if value < 1000 else 0)
    return f"{rounded:,.0f}" if rounded == round(rounded) else f"{rounded:,}"


def rate(value: float) -> str:
    """A learning rate: as short as it can be told."""
    if not math.isfinite(value):
        return "–"
    return f"{value:g}" if value == 0 or 1e-4 <= abs(value) < 1e5 else power(value)


def power(value: float) -> str:
    """``1e-05`` -> ``10⁻⁵``, ``2e-05`` -> ``2×10⁻⁵``."""
    mantissa, exponent = f"{value:.3e}".split("e")
    exponent = f"10{str(int(exponent)).translate(SUPERSCRIPTS)}"
    shown = f"{float(mantissa):g}"
    return exponent if shown == "1" else f"{shown}×{exponent}"


def share(value: float) -> str:
    """``0.125`` -> ``12.5 %``."""
    return "–" if math.isnan(value) else f"{100 * value:.3g} %"


def change(ratio: float) -> str:
    """``0.032`` -> ``+3.2 %``; ``–`` where it is not known, ``0 %`` below 0.01 %."""
    if not math.isfinite(ratio):
        return "–"
    rounded = float(f"{100 * ratio:.2g}")
    text = f"{rounded:+,.0f}" if abs(rounded) >= 10 else f"{rounded:+g}"
    return "0 %" if abs(ratio) < 1e-4 else f"{text.replace('-', '−')} %"


def in_powers(text: str) -> str:
    """``1e-06 of the gap`` -> ``10⁻⁶ of the gap``."""
    return re.sub(r"\d(?:\.\d+)?e[+-]\d+", lambda number: power(float(number[0])), text)


def ends(median: float, low: float, high: float) -> str:
    """``[low, high]``; empty where they are not known, or both the median in the digits shown."""
    if math.isnan(low):
        return ""
    shown = number(low), number(high)
    return "" if shown[0] == shown[1] == number(median) else f"[{shown[0]}, {shown[1]}]"


def spread(median: float, low: float, high: float) -> str:
    """``median [low, high]``, the range only where there is one."""
    return f"{number(median)} {ends(median, low, high)}".rstrip()


def bounded(value: float, at_rounding: bool) -> str:
    """A gap; one at the rounding of J is a bound, rounded upwards: ``≤ 4.1×10⁻¹⁴ (rounding)``."""
    return f"{bound(value)} (rounding)" if at_rounding and value > 0 else number(value)


def centre(row: Mapping[Any, Any]) -> str:
    """What ranks a row of the summary; a bound where some of its runs are at the rounding of J."""
    value, of_gaps = float(row["centre"]), row["quantity"] == "final_gap"
    if of_gaps and row["rounded"] and not row["at_rounding"]:
        return bound(value)
    return bounded(value, bool(row["at_rounding"]))


def bound(value: float) -> str:
    """A positive number as a bound, rounded upwards: ``≤ 4.1×10⁻¹⁴``."""
    return f"≤ {rounded_up(value)}"


def certificate(gap: float) -> str:
    """What J* is certified to within: rounded upwards, and never below what float64 can tell."""
    return rounded_up(max(gap, 1e-16))


def rounded_up(value: float) -> str:
    """A number with two digits, if positive not below `value`: ``4.1×10⁻¹⁴``."""
    if not 0 < value < math.inf:
        return number(value)
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return number(math.ceil(value / unit * (1 - 1e-12)) * unit, 3)


def listed(names: Iterable[str]) -> str:
    """``a, b and c``."""
    *first, last = list(names) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def plural(n: int, noun: str) -> str:
    """``1 seed``, ``5 seeds``."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun[:-1] + 'ies' if noun.endswith('y') else noun + 's'}"
