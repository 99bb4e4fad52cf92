"""The figures of a report: what is drawn, what its caption says, how it is stored and rebuilt."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import pandas as pd
from fontTools.subset import Options  # type: ignore[import-untyped]
from matplotlib.figure import Figure

from optlab.analysis.curves import AXES
from optlab.analysis.summary import trained_alone
from optlab.analysis.tuning import at_best
from optlab.report import panels, words
from optlab.report.convergence import convergence
from optlab.report.final import final
from optlab.report.sensitivity import sensitivity
from optlab.report.style import INK, PAPER, RC, RULE

FORMATS = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}, "pdf": {"CreationDate": None}}
INLINE = {INK: "currentColor", RULE: "var(--rule)", PAPER: "var(--page)"}  # the page's colours, light or dark


FOLDERS = "FOLDERS"  # stands in the code for the result folders, which only the page knows


@dataclass(frozen=True)
class Illustration:
    """One figure of the report."""

    name: str  # of its files
    family: str  # figures of one family answer the same question
    title: str
    caption: str
    draw: Callable[[], Figure]
    code: str  # Python that draws it again


def illustrations(runs: pd.DataFrame, trajectories: pd.DataFrame) -> list[Illustration]:
    """The figures that these tables allow, in the order of the report."""
    chosen = at_best(runs)
    said = _band(chosen), _left_out(runs)
    axes = [axis for axis in AXES if axis != "seconds" or trained_alone(runs).all()]
    return [
        *(_convergence(chosen, trajectories, axis, said, _stopped(chosen)) for axis in axes),
        *_sensitivity(runs, said),
        _final(chosen, said),
    ]


def _convergence(
    chosen: pd.DataFrame, trajectories: pd.DataFrame, axis: str, said: tuple[str, str], stopped: str
) -> Illustration:
    return Illustration(
        name=f"convergence-{axis}",
        family="convergence",
        title=f"by {axis.replace('_evals', ' evaluations')}",
        caption=f"Training cost against {words.AXES[axis]}, every optimizer at its best setting. {said[0]}"
        f"{stopped} The cost axis is logarithmic where the costs are positive and span more than a factor of "
        f"five; it ends a little above the initial cost.{said[1]}",
        draw=lambda: convergence(chosen, trajectories, axis),
        code=_code("convergence", f'results.runs, results.trajectories, axis="{axis}"'),
    )


def _sensitivity(runs: pd.DataFrame, said: tuple[str, str]) -> list[Illustration]:
    if runs.groupby(["problem", "optimizer"])["lr"].nunique().max() < 2:
        return []
    others = runs.groupby(["problem", "optimizer", "lr"])["setting"].nunique().max() > 1
    best = " Where other options were swept too, the best of them stands for a rate." if others else ""
    caption = (
        "Final training cost against the learning rate; the large marker is the best rate of each optimizer. "
        f"{said[0]} A line ends where the median run diverged, and leaves the panel where it rises above the "
        "costs of the rates below the best. The bars below the panel mark the rates at which runs diverged, "
        f"the darker the larger their share.{best}{said[1]}"
    )
    draw, code = lambda: sensitivity(runs), _code("sensitivity", "results.runs")
    return [Illustration("sensitivity", "sensitivity", "Learning rates", caption, draw, code)]


def _final(chosen: pd.DataFrame, said: tuple[str, str]) -> Illustration:
    part = next(
        (p for p in ("test", "validation", "train") if chosen[f"final_{p}_accuracy"].notna().any()), "train"
    )
    columns = "final_train_cost", f"final_{part}_accuracy"
    caption = (
        f"Final training cost and {words.METRICS[columns[1][6:]]} of every run at its optimizer's best "
        f"setting. One point is one run ({_seeds(chosen)}), the bar is the median; optimizers are ordered by "
        f"it. Vertical offsets inside a row only keep points apart.{said[1]}"
    )
    code = _code("final", f"results.runs, columns={columns!r}".replace("'", '"'))
    return Illustration("final", "final", "Final values", caption, lambda: final(chosen, columns), code)


def _code(function: str, arguments: str) -> str:
    return (
        f"import optlab\nfrom optlab.report.{function} import {function}\n\n"
        f"results = optlab.load({FOLDERS})\n"
        f'{function}({arguments}).savefig("{function}.pdf")'
    )


def _seeds(chosen: pd.DataFrame) -> str:
    """``5 seeds`` or ``3 to 5 seeds``."""
    n = chosen.groupby(["problem", "optimizer"])["repetition"].nunique()
    return words.plural(int(n.max()), "seed") if n.min() == n.max() else f"{n.min()} to {n.max()} seeds"


def _band(chosen: pd.DataFrame) -> str:
    if chosen.groupby(["problem", "optimizer"])["repetition"].nunique().max() == 1:
        return "Each line is a single run (one seed), so there is no band."
    return f"Lines are medians over {_seeds(chosen)}; bands reach from the lowest to the highest of them."


def _stopped(chosen: pd.DataFrame) -> str:
    """What becomes of runs that end before the others."""
    text = " A line ends, with a marker, where the last of its runs stopped."
    if not chosen["status"].isin(["converged", "early_stopped", "timed_out"]).any():
        return text
    return text[:-1] + "; a run that stopped earlier (converged, say) keeps its last value until then."


def _left_out(runs: pd.DataFrame) -> str:
    n = runs["problem"].nunique()
    return (
        f" Of {n} problems the first {panels.MOST} are drawn; the tables have all." if n > panels.MOST else ""
    )


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write ``name.svg``, ``name.png`` and ``name.pdf``; the same figure gives the same bytes."""
    with matplotlib.rc_context(RC), _lean_fonts():
        for ending, metadata in FORMATS.items():
            figure.savefig(folder / f"{name}.{ending}", metadata=metadata)


@contextmanager
def _lean_fonts() -> Iterator[None]:
    """Embed fonts without their layout tables: a PDF places every glyph itself."""
    usual = Options._drop_tables_default
    Options._drop_tables_default = [*usual, "GDEF", "GPOS", "GSUB"]
    try:
        yield
    finally:
        Options._drop_tables_default = usual


def inline(path: Path, name: str) -> str:
    """The SVG in `path` as a part of the page: ids made its own, colours those of the page."""
    svg = path.read_text(encoding="utf-8")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    for color, meant in INLINE.items():
        svg = svg.replace(color, meant)
    width = float(re.search(r'width="([\d.]+)pt"', svg)[1])  # type: ignore[index]
    svg = re.sub(
        r'<svg [^>]*?(viewBox="[^"]*")[^>]*>',
        rf'<svg \1 style="width:{1.9 * width:.0f}px;min-width:{1.15 * width:.0f}px">',
        svg,
        count=1,
    )
    return re.sub(r"\n\s*", "\n", svg)
