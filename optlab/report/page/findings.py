"""The findings in words: one verdict and a few sentences per problem, from the tables of the study.

No sentence begins with the name of an optimizer, which is code and lower case.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from optlab.analysis.comparison.comparisons import EQUAL, EQUIVALENT, UNDECIDED
from optlab.analysis.comparison.standings import FEW_SEEDS
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.page.effort import Effort, efforts, sentences
from optlab.training.metrics import higher_is_better


class Finding(NamedTuple):
    """What came out on one problem."""

    problem: str
    verdict: str
    text: str
    leader: str | None = None  # the optimizer that came first, unless all came together


def findings(study: Study) -> list[Finding]:
    """One finding per problem, in the order of the summary."""
    powers, spent, validated = study.powers, efforts(study), study.validated
    found = []
    for problem, part in study.summary.groupby("problem", sort=False):
        power = powers[powers["problem"] == problem]
        finding = _finding(str(problem), part, power, spent[str(problem)], study.metric)
        rows = validated[(validated["problem"] == problem) & validated["first"].astype(bool)]
        found.append(finding._replace(text=finding.text + _validation(rows, validated, part)))
    return found


def _finding(problem: str, part: pd.DataFrame, power: pd.DataFrame, effort: Effort, metric: str) -> Finding:
    first = part.iloc[0]
    if (part["grid_diverged"] == 1).all():
        text = "Every run diverged, so there is nothing to compare. Try smaller learning rates."
        return Finding(problem, "Every run diverged", text)
    if (part["grid_diverged"] + part["grid_worse"] == 1).all():
        text = "Every run diverged or ended above its start, so there is nothing to compare. Try smaller "
        text += "learning rates; features of unlike units need dataset.standardize=true."
        return Finding(problem, "No run improves on its start", text)
    what = words.metric(metric)
    if not np.isfinite(first[metric]):
        text = f"No setting has a finite median of the {what}, so there is nothing to compare."
        return Finding(problem, "Nothing to compare", text)
    name = str(first["optimizer"])
    if len(part) == 1:
        text = f"The only optimizer, {name}, reaches a {what} of {_median(first, metric)} at "
        text += f"{first['setting']}.{sentences(effort)}"
        return Finding(problem, f"Only {name} was run", text, name)
    ranked = part[part["rank"].notna()]
    rest = _apart(part[part["rank"].isna()]) + _accuracy(part)
    if ranked.empty:
        text = f"The best median {what} is that of {name}: {_median(first, metric)} at {first['setting']}."
        return Finding(problem, "No optimizer can be ranked", text + sentences(effort.of([name])) + rest)
    leaders, behind = ranked[ranked["tied"]], ranked[~ranked["tied"]]
    effort = effort.of(list((leaders if len(leaders) > 1 else ranked.iloc[:2])["optimizer"]))
    return Finding(
        problem,
        _verdict(leaders, len(ranked), effort),
        _reached(leaders, power) + _behind(behind, is_bound(leaders.iloc[0])) + sentences(effort) + rest,
        name if len(behind) else None,
    )


def _verdict(leaders: pd.DataFrame, ranked: int, effort: Effort) -> str:
    names = list(leaders["optimizer"].astype(str))
    if len(names) == 1:
        return f"Leader: {names[0]}" if ranked > 1 else f"Only {names[0]} can be ranked"
    alike = leaders["verdict"].iloc[1:].isin([EQUAL, EQUIVALENT]).all()
    if len(names) == ranked:
        reached = "All reach the same" if alike else "No optimizer is shown to be ahead"
        return f"{reached}; the fewest {effort.counted}: {effort.fewest}" if effort.fewest else reached
    named = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} others"]
    return f"Leaders: {words.listed(named)}" if alike else f"Leader: {', '.join(named[:-1])} or {named[-1]}"


def _reached(leaders: pd.DataFrame, power: pd.DataFrame) -> str:
    """What the leaders have reached, and how they compare with the first of them."""
    first = leaders.iloc[0]
    what = words.metric(first["quantity"])
    if len(leaders) > 1 and leaders["at_rounding"].all():
        names = words.listed(leaders["optimizer"].astype(str))
        return f"The minimum is reached by {names}: {what} {words.centre(first)}."
    mean = "" if first["at_rounding"] else f" ({'geometric ' * (first['scale'] == 'ratio')}mean)"
    reached = f"{words.centre(first)}{mean} at {first['setting']}"
    text = f"The lowest {what} is that of {first['optimizer']}: {reached}."
    if first["scale"] == "difference" and higher_is_better(str(first["quantity"])):
        text = text.replace("lowest", "highest", 1)
    for verdict, own in leaders.iloc[1:].groupby("verdict", sort=False):
        text += f" {_tied(str(verdict), words.listed(own['optimizer'].astype(str)), power)}."
    return text


def _tied(verdict: str, names: str, power: pd.DataFrame) -> str:
    """``Not shown to differ from it: adam``, and what could have been shown."""
    if verdict != UNDECIDED:
        return f"{'Equivalent to it' if verdict == EQUIVALENT else 'Equal to it, to rounding'}: {names}"
    text = f"Not shown to differ from it: {names}"
    if power.empty or not np.isfinite(power["detectable"].iloc[0]):
        return text
    row = power.iloc[0]
    amount = f"a {row['scale']} of {words.number(row['detectable'], 3)}"
    return f"{text} ({words.plural(int(row['seeds']), 'seed')} would show {amount} in 80 % of studies)"


def _behind(behind: pd.DataFrame, bounded: bool) -> str:
    """Who comes next, and who last; `bounded`: the gap of the first is only known to be at most so much."""
    if behind.empty:
        return ""
    row = behind.iloc[0]
    text = f" Next: {row['optimizer']}, {words.centre(row)}{distance(row, bounded)}."
    if len(behind) > 1:
        text += f" Last: {behind.iloc[-1]['optimizer']}, {words.centre(behind.iloc[-1])}."
    return text


def is_bound(row: pd.Series) -> bool:
    """Whether what ranks it is only known to be at most so much."""
    return words.centre(row).startswith("≤")


def _apart(part: pd.DataFrame) -> str:
    """Who is not ranked, and why."""
    text = ""
    for reason, own in part.groupby("apart", sort=True):
        names = words.listed(own["optimizer"].astype(str))
        why = "too few seeds in common with the others" if reason == FEW_SEEDS else "too many diverged runs"
        text += f" Not ranked ({why}): {names}."
    return text


def _median(row: pd.Series, metric: str) -> str:
    return words.spread(row[metric], row[f"{metric}_low"], row[f"{metric}_high"])


def distance(row: pd.Series, bounded: bool) -> str:
    """``, 3.2 times as high``, by what the optimizers are ranked by."""
    if row["scale"] != "ratio" or not np.isfinite(row["contrast"]) or is_bound(row):
        return ""
    least = "at least " * bounded
    if row["contrast"] >= 2:
        return f", {least}{words.number(row['contrast'], 3)} times as high"
    return f", {least}{100 * (row['contrast'] - 1):.2g} % higher"


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


def _validation(first: pd.DataFrame, validated: pd.DataFrame, part: pd.DataFrame) -> str:
    """The setting to take home: the one of all with the lowest validation cost, and that of the first."""
    if first.empty:
        return ""
    row = first.iloc[0]
    text = (
        f" By {words.label('final_validation_cost')}, the choice is {row['optimizer']} at {row['setting']}: "
        f"{words.number(row['cost'])}"
    )
    leader = validated[
        (validated["problem"] == row["problem"]) & (validated["optimizer"] == part["optimizer"].iloc[0])
    ]
    own = leader[["optimizer", "chosen"]].to_numpy().tolist()
    if own in ([], [[row["optimizer"], row["setting"]]]):
        return f"{text}."
    return f"{text}, against {words.number(leader['chosen_cost'].iloc[0])} of {own[0][0]} at {own[0][1]}."
