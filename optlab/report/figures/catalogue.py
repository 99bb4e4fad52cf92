"""The figures of a report: what is drawn, what its caption says, how it is rebuilt."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from optlab.analysis.choice.curves import AXES
from optlab.analysis.comparison.friedman import friedman
from optlab.analysis.comparison.summary import batches_differ, trained_alone
from optlab.analysis.problem.outcomes import higher_is_better
from optlab.analysis.statistics import FEW
from optlab.analysis.study import Study
from optlab.analysis.theory.costs import offered, with_costs
from optlab.analysis.theory.stability import edges, predicted_rates
from optlab.report import words
from optlab.report.drawing import panels
from optlab.report.drawing.illustration import FOLDERS, Illustration
from optlab.report.figures import pictures
from optlab.report.figures.convergence import COUNTS, GAP, convergence
from optlab.report.figures.critical_difference import critical_difference
from optlab.report.figures.final import final
from optlab.report.figures.profiles import profiles
from optlab.report.figures.sensitivity import sensitivity
from optlab.report.figures.trials import trials
from optlab.report.page import problems
from optlab.training.metrics import recorded

COST = "final_train_cost"


PICTURES: tuple[Callable[[Any, pd.DataFrame, str], list[Illustration]], ...] = (
    pictures.from_tables,
    problems.illustrations,
    pictures.of_models,
)
"""Further pictures: functions of the results, their runs (with problem, roles and optimum) and the metric."""


def illustrations(study: Study) -> list[Illustration]:
    """The figures that the results allow, in the order of the report."""
    results, runs, metric = study.results, study.runs, study.metric
    chosen, trajectories = study.chosen, study.trajectories
    trajectories = trajectories[trajectories["run_id"].isin(chosen["run_id"])]
    said = _band(chosen), _left_out(runs)
    trajectories = with_costs(trajectories, chosen)
    axes = [*AXES[:-1], *offered(trajectories), *["seconds"] * bool(trained_alone(runs).all())]
    if batches_differ(chosen):
        axes.remove("step")
    groups = _alike(trajectories, axes)
    cost = GAP if runs["optimum"].notna().any() else "train_cost"
    drawn = [(axis, cost) for axis in groups]
    if metric != COST:
        drawn.insert(0, (axes[0], recorded(metric)))
    return [
        *(_convergence(runs, trajectories, axis, column, metric, said, _stopped(chosen) + groups[axis])
          for axis, column in dict.fromkeys(drawn)),
        *_sensitivity(runs, metric, said),
        *_trials(runs, metric, said),
        *_critical_difference(runs, metric),
        _profiles(runs, trajectories, metric, said),
        _final(runs, chosen, metric, said),
        *(picture for pictures in PICTURES for picture in pictures(results, runs, metric)),
    ]  # fmt: skip


def _alike(points: pd.DataFrame, axes: list[str]) -> dict[str, str]:
    """The axes that differ, each with a sentence about those that have its values and so its figure."""
    alike: dict[str, list[str]] = {}
    for axis in axes:
        same = next((other for other in alike if np.allclose(points[axis], points[other])), axis)
        alike.setdefault(same, []).append(words.AXES[axis].split(" (")[0])
    return {
        axis: f" Counted in {' or '.join(others)}, the figure is the same." if others else ""
        for axis, (_, *others) in alike.items()
    }


def _convergence(
    runs: pd.DataFrame,
    trajectories: pd.DataFrame,
    axis: str,
    column: str,
    metric: str,
    said: tuple[str, str],
    further: str,
) -> Illustration:
    name, title, options = (
        f"convergence-{axis}",
        f"by {axis.replace('_evals', ' evaluations').replace('_', ' ')}",
        "",
    )
    if column == GAP:
        options = ', column="gap"'
    elif column != "train_cost":
        name, title, options = f"{name}-{column}", words.metric(column), f', column="{column}"'
    what = words.metric(column)
    minimum = _minimum(runs) if column in (GAP, "train_cost") else ""
    if axis == "hessian_work":
        further += " Optimizers that ask for no Hessian are not drawn."
    if column == GAP and axis in COUNTS and len(predicted_rates(runs)):
        minimum += (
            " Thin dashes have the slope that theory predicts near the minimum, from the Hessian there, for "
            "gradient descent and momentum with a constant step on the full batch."
        )
    scale = (
        " The cost axis is logarithmic where the costs are positive and span more than a factor of five; it "
        "ends a little above the initial cost."
    )
    return Illustration(
        name=name,
        family="convergence",
        title=title,
        caption=f"{what[0].upper()}{what[1:]} against {words.AXES[axis]}, every optimizer at its best "
        f"setting. {said[0]}{further}{minimum}{'' if higher_is_better(column) else scale}{said[1]}",
        draw=partial(convergence, runs, trajectories, axis, column, metric),
        code=_code("convergence", f'results.runs, results.trajectories, axis="{axis}"{options}{_by(metric)}'),
    )


def _minimum(runs: pd.DataFrame) -> str:
    """What is subtracted from the cost, or why nothing is."""
    known = runs["optimum"].notna()
    texts = []
    if known.any():
        bound = runs.loc[known, "optimum_gap"].max()
        source = "was given" if math.isnan(bound) else "was found by Newton's method and is certified"
        texts.append(
            f"J − J* is the distance to the least training cost there is, which {source}"
            + ("." if math.isnan(bound) else f" to within {words.number(max(bound, 1e-16), 2)}.")
            + " A line that runs level at about 10⁻¹⁶ has reached the rounding of the numbers."
        )
    missing = runs[~known].drop_duplicates("problem")
    for problem, reason in zip(missing["problem"], missing["optimum_reason"], strict=True):
        where = f" for {problem}" if runs["problem"].nunique() > 1 else ""
        texts.append(f"The least training cost is not known{where} ({reason}), so nothing is subtracted.")
    return " " + " ".join(texts)


def _sensitivity(runs: pd.DataFrame, metric: str, said: tuple[str, str]) -> list[Illustration]:
    if runs.groupby(["problem", "optimizer"])["lr"].nunique().max() < 2:
        return []
    others = runs.groupby(["problem", "optimizer", "lr"])["setting"].nunique().max() > 1
    best = " Where other options were swept too, the best of them stands for a rate." if others else ""
    what = words.metric(metric)
    caption = (
        f"{what[0].upper()}{what[1:]} against the learning rate; the large marker is the best rate of each "
        f"optimizer. {_band(runs)} A line ends where the median run diverged, and leaves the panel where it "
        "rises above the costs of the rates below the best. The bars below the panel mark the rates at which "
        f"runs diverged, the darker the larger their share.{best}{_edge(runs)}{said[1]}"
    )
    code = _code("sensitivity", f"results.runs{_by(metric)}")
    draw = partial(sensitivity, runs, metric)
    return [Illustration("sensitivity", "sensitivity", "Learning rates", caption, draw, code)]


def _edge(runs: pd.DataFrame) -> str:
    if edges(runs).empty:
        return ""
    return (
        " A dotted upright is the rate up to which theory promises that a method is stable: 2 / L for "
        "gradient descent, L being a bound on the curvature anywhere; near the minimum it is often smaller."
    )


def _trials(runs: pd.DataFrame, metric: str, said: tuple[str, str]) -> list[Illustration]:
    if runs.groupby(["problem", "optimizer"])["setting"].nunique().max() < 2:
        return []
    caption = (
        f"What to expect from a budget of trials: the {words.metric(metric)} of the best of k settings, "
        "drawn from the grid without replacement a thousand times. Lines are medians over the draws; bands "
        "hold the middle half of them. The best setting is chosen on the tuning seeds, and its cost is the "
        "median over the evaluation seeds, where the seeds are divided. A line that starts low is easy to "
        f"tune.{said[1]}"
    )
    code = _code("trials", f"results.runs{_by(metric)}")
    return [Illustration("trials", "tuning", "Tuning", caption, partial(trials, runs, metric), code)]


def _profiles(
    runs: pd.DataFrame, trajectories: pd.DataFrame, metric: str, said: tuple[str, str]
) -> Illustration:
    caption = (
        "How much it costs to reach a target, over all problems, every optimizer at its best setting. First, "
        "the share of all pairs of run and target that were reached within a budget of gradient evaluations "
        "(Hessians are not counted); then, as data profile, the share of all targets that the median run "
        "reached within it; last, as performance profile, the share of all targets that the median run "
        "reached with at most so many times the evaluations of the fastest. Bands are bootstrap intervals of "
        "95 % over the runs, where there are several. Times are those of the recorded points. A target that "
        "nobody reaches counts against all; so does, against an optimizer, a problem it was not run on."
    )
    code = _code("profiles", f"results.runs, results.trajectories{_by(metric)}")
    draw = partial(profiles, runs, trajectories, "gradient_evals", metric)
    return Illustration("profiles", "targets", "Cost to target", caption, draw, code)


def _final(runs: pd.DataFrame, chosen: pd.DataFrame, metric: str, said: tuple[str, str]) -> Illustration:
    part = next(
        (p for p in ("test", "validation", "train") if chosen[f"final_{p}_accuracy"].notna().any()), "train"
    )
    columns = tuple(dict.fromkeys((metric, COST, f"final_{part}_accuracy")))[:2]
    first, second = (words.metric(column) for column in columns)
    caption = (
        f"{first[0].upper()}{first[1:]} and {second.removeprefix('final ')} of every run at its optimizer's "
        f"best setting. One point is one run ({_seeds(chosen)}), the bar is the median; optimizers are "
        f"ordered by it. Vertical offsets inside a row only keep points apart.{said[1]}"
    )
    code = _code("final", f"results.runs, columns={columns!r}{_by(metric)}".replace("'", '"'))
    draw = partial(final, runs, columns, metric)
    return Illustration("final", "final", "Final values", caption, draw, code)


def _critical_difference(runs: pd.DataFrame, metric: str) -> list[Illustration]:
    found = friedman(runs, metric) if runs["problem"].nunique() > 1 else None
    if found is None:
        return []
    caption = (
        f"Mean ranks of the {words.metric(metric)} over {found.problems} problems, the best at the left, "
        "every optimizer at its best setting. A thick bar joins optimizers whose ranks differ by less than "
        "the critical difference: the problems do not tell them apart (Nemenyi's test at 5 %). That all are "
        f"equal has p = {words.number(found.p, 2)} (Friedman's test, in the form of Iman and Davenport). On "
        "few problems only large differences can be seen; an optimizer that was not run on all is left out."
    )
    code, draw = (
        _code("critical_difference", f"results.runs{_by(metric)}"),
        partial(critical_difference, runs, metric),
    )
    return [
        Illustration("critical-difference", "comparisons", "Ranks over the problems", caption, draw, code)
    ]


def _by(metric: str) -> str:
    """The argument that names the metric, where it is not the default."""
    return "" if metric == COST else f', metric="{metric}"'


def _code(function: str, arguments: str) -> str:
    return (
        f"import optlab\nfrom optlab.report.figures.{function} import {function}\n\n"
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
    n = chosen.groupby(["problem", "optimizer"])["repetition"].nunique().max()
    band = "are 95 % intervals of the median" if n > FEW else "reach from the lowest to the highest of them"
    return f"Lines are medians over {_seeds(chosen)}; bands {band}."


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
