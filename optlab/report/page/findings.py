"""The findings in words: one verdict and a few sentences per problem, from the summary table."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from optlab.analysis.comparison.comparisons import EQUAL, EQUIVALENT, UNDECIDED
from optlab.analysis.comparison.standings import FEW_SEEDS
from optlab.analysis.study import Study
from optlab.report import words


class Finding(NamedTuple):
    """What came out on one problem."""

    problem: str
    verdict: str
    text: str
    leader: str | None = None  # the optimizer that came first, unless all came together


def findings(study: Study) -> list[Finding]:
    """One finding per problem, in the order of the summary."""
    powers = study.powers
    return [
        _finding(str(problem), part, powers[powers["problem"] == problem], study.metric)
        for problem, part in study.summary.groupby("problem", sort=False)
    ]


def _finding(problem: str, part: pd.DataFrame, power: pd.DataFrame, metric: str) -> Finding:
    first = part.iloc[0]
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
    rest = _edges(part) + _diverged(part)
    what, at = words.metric(metric), f"at {first['setting']}, after {words.count(first['steps'])} steps"
    if len(part) == 1:
        text = f"{first['optimizer']} was the only optimizer. It reached a {what} of "
        text += f"{_median(first, metric)} {at}."
        return Finding(problem, f"Only {first['optimizer']} was run", text + rest, first["optimizer"])
    ranked = part[part["rank"].notna()]
    rest = _apart(part[part["rank"].isna()]) + _accuracy(part) + rest
    if ranked.empty:
        text = f"The best median {what} is that of {first['optimizer']}: {_median(first, metric)} {at}."
        return Finding(problem, "No optimizer can be ranked", text + rest)
    what, mean = words.metric(first["quantity"]), "geometric " * (first["scale"] == "ratio") + "mean"
    text = f"{first['optimizer']} reached a {what} of {_centre(first)} ({mean}) {at}."
    leaders, behind = ranked[ranked["tied"]], ranked[~ranked["tied"]]
    for verdict, own in leaders.iloc[1:].groupby("verdict", sort=False):
        text += f" {_several(list(own['optimizer']))} {_tied(str(verdict), power)}."
    text += _fewest_steps(leaders)
    if len(behind):
        follower = behind.iloc[0]
        text += f" {follower['optimizer']} follows with {_centre(follower)}{_distance(follower)}."
        if len(behind) > 1:
            last = behind.iloc[-1]
            text += f" The last is {last['optimizer']} with {_centre(last)}."
    return Finding(problem, _verdict(leaders, len(ranked)), text + rest,
                   first["optimizer"] if len(behind) else None)  # fmt: skip


def _verdict(leaders: pd.DataFrame, ranked: int) -> str:
    names = list(leaders["optimizer"].astype(str))
    if len(names) == 1:
        return f"{names[0]} leads" if ranked > 1 else f"Only {names[0]} can be ranked"
    if len(names) == ranked:
        return "No optimizer is ahead"
    named = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} others"]
    if leaders["verdict"].iloc[1:].isin([EQUAL, EQUIVALENT]).all():
        return f"{words.listed(named)} lead together"
    return f"{', '.join(named[:-1])} or {named[-1]} lead{'s' * (named == names)}"


def _tied(verdict: str, power: pd.DataFrame) -> str:
    """``not shown to differ from it``, and what could have been shown."""
    if verdict != UNDECIDED or power.empty:
        return f"{verdict} to it" if verdict == EQUIVALENT else verdict.replace("equal", "equal to it", 1)
    row = power.iloc[0]
    least = words.number(row["detectable"], 2)
    amount = f"a ratio of {least}" if row["scale"] == "ratio" else f"a difference of {least}"
    return f"not shown to differ from it ({row['seeds']} seeds show {amount} with a probability of 80 %)"


def _apart(part: pd.DataFrame) -> str:
    """Who is not ranked, and why."""
    text = ""
    for reason, own in part.groupby("apart", sort=True):
        names = words.listed(own["optimizer"].astype(str))
        why = (
            "fewer than three seeds in common with the others"
            if reason == FEW_SEEDS
            else "too many diverged runs"
        )
        text += f" Not ranked, for {why}: {names}."
    return text


def _centre(row: pd.Series) -> str:
    """What it is ranked by; at the rounding of J, no more than a bound."""
    return f"{'at most ' * bool(row['at_rounding'])}{words.number(row['centre'])}"


def _median(row: pd.Series, metric: str) -> str:
    return words.spread(row[metric], row[f"{metric}_low"], row[f"{metric}_high"])


def _several(names: list[str]) -> str:
    return f"{words.listed(names)} {'is' if len(names) == 1 else 'are'}"


def _fewest_steps(tied: pd.DataFrame) -> str:
    """Which of those that reached the same was there first, if one was."""
    counted = "steps" if tied["batch"].nunique() == 1 else "epochs"
    fewest = tied.nsmallest(2, counted)
    if len(tied) < 2 or fewest[counted].nunique() < 2:
        return ""
    first = fewest.iloc[0]
    return f" Of these {first['optimizer']} took the fewest {counted}, {words.count(first[counted])}."


def _distance(row: pd.Series) -> str:
    """``, 3.2 times as high``, by what the optimizers are ranked by."""
    if row["scale"] != "ratio" or not np.isfinite(row["contrast"]):
        return ""
    if row["contrast"] >= 2:
        return f", {words.number(row['contrast'], 3)} times as high"
    return f", {100 * (row['contrast'] - 1):.2g} % higher"


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
