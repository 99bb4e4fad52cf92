"""The findings in words: one verdict and a few sentences per problem, from the summary table."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from optlab.analysis.study import Study
from optlab.report import words
from optlab.training.metrics import higher_is_better


class Finding(NamedTuple):
    """What came out on one problem."""

    problem: str
    verdict: str
    text: str
    leader: str | None = None  # the optimizer that came first, unless all came together


def findings(study: Study) -> list[Finding]:
    """One finding per problem, in the order of the summary."""
    return [
        _finding(str(problem), part, study.metric)
        for problem, part in study.summary.groupby("problem", sort=False)
    ]


def _finding(problem: str, part: pd.DataFrame, metric: str) -> Finding:
    first, names = part.iloc[0], part["optimizer"].astype(str)
    if (part["grid_diverged"] == 1).all():
        text = (
            "Every run of every optimizer diverged: there is nothing to compare. Try smaller learning rates."
        )
        return Finding(problem, "Every run diverged", text)
    if not np.isfinite(first[metric]):
        text = (
            f"No setting has a finite median of the {words.metric(metric)}, so there is nothing to compare."
        )
        return Finding(problem, "Nothing to compare", text)
    tied = list(names[part["tied"]])
    reached = f"{_value(first, metric)} at {first['setting']}, after {words.count(first['steps'])} steps"
    if len(part) == 1:
        text = (
            f"{first['optimizer']} was the only optimizer. It reached a {words.metric(metric)} of {reached}."
        )
        return Finding(
            problem,
            f"Only {first['optimizer']} was run",
            text + _edges(part) + _diverged(part),
            first["optimizer"],
        )
    text = f"{first['optimizer']} reached the {_extreme(metric)} {words.metric(metric)}: {reached}."
    if len(tied) > 1:
        text += f" {_several(tied[1:])} not distinguishable from it ({_why(part)})."
        text += _fewest_steps(part[part["tied"]])
    behind = part[~part["tied"]]
    if len(behind):
        follower = behind.iloc[0]
        distance = _distance(follower, first, metric)
        text += f" {follower['optimizer']} follows with {_value(follower, metric)}{distance}."
        if len(behind) > 1:
            last = behind.iloc[-1]
            text += f" The last is {last['optimizer']} with {_value(last, metric)}."
    together = tied if len(tied) <= 4 else [*tied[:3], f"{len(tied) - 3} others"]
    leader = first["optimizer"] if len(tied) < len(part) else None
    verdict = f"{tied[0]} leads" if len(tied) == 1 else f"{words.listed(together)} lead together"
    if len(tied) == len(part):
        verdict = "No optimizer is ahead"
    text += _accuracy(part) + _edges(part) + _diverged(part)
    return Finding(problem, verdict, text, leader)


def _value(row: pd.Series, metric: str) -> str:
    return words.spread(row[metric], row[f"{metric}_low"], row[f"{metric}_high"])


def _extreme(metric: str) -> str:
    return "highest" if higher_is_better(metric) else "lowest"


def _several(names: list[str]) -> str:
    return f"{words.listed(names)} {'is' if len(names) == 1 else 'are'}"


def _why(part: pd.DataFrame) -> str:
    if part["seeds"].max() > 1:
        return "tested on common seeds at 5 %, or the same to 0.1 %"
    return "the values differ by less than 0.1 %"


def _fewest_steps(tied: pd.DataFrame) -> str:
    """Which of those that reached the same was there first, if one was."""
    counted = "steps" if tied["batch"].nunique() == 1 else "epochs"
    fewest = tied.nsmallest(2, counted)
    if fewest[counted].nunique() < 2:
        return ""
    first = fewest.iloc[0]
    return f" Of these {first['optimizer']} took the fewest {counted}, {words.count(first[counted])}."


def _distance(row: pd.Series, first: pd.Series, metric: str) -> str:
    """``, 3.2 % higher``; nothing where a ratio would mean nothing."""
    if not (np.isfinite(row[metric]) and first[metric] > 0 and row[metric] > 0):
        return ""
    ratio = row[metric] / first[metric]
    if ratio >= 2:
        return f", {words.number(ratio, 3)} times as high"
    return f", {abs(100 * (ratio - 1)):.2g} % {'higher' if ratio > 1 else 'lower'}"


def _accuracy(part: pd.DataFrame) -> str:
    """Which optimizer predicts best, on the test data or, without any, on the validation data."""
    for column in ("final_test_accuracy", "final_validation_accuracy"):
        values = part[column]
        if values.notna().any():
            best = values.max()
            names = list(part.loc[values == best, "optimizer"].astype(str))
            whose = "all optimizers" if len(names) == len(part) and len(names) > 1 else words.listed(names)
            return f" The highest median {words.label(column)} is {words.number(best)} ({whose})."
    return ""


def _edges(part: pd.DataFrame) -> str:
    on_edge = part[part["edge"] != ""]
    if on_edge.empty:
        return ""
    ends = [
        f"the {edge} of the grid for {words.listed(rows['optimizer'].astype(str))}"
        for edge, rows in on_edge.groupby("edge", sort=True)
    ]
    return f" The best learning rate is {' and '.join(ends)}: a better one may lie beyond."


def _diverged(part: pd.DataFrame) -> str:
    failing = part[part["diverged"] > 0]
    if failing.empty:
        return ""
    return f" Even at the best setting, runs diverged with {words.listed(failing['optimizer'].astype(str))}."
