"""The answer to each problem: what to use, how sure that is, what it costs, and how to train it.

Nothing is computed for it: it puts together what findings, comparisons and tuning say at length.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from optlab.analysis.comparison.comparisons import BETTER, EQUAL, EQUIVALENT, UNDECIDED, UNTESTED, against
from optlab.analysis.comparison.judgement import FACT
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.page.effort import Effort, efforts
from optlab.report.page.findings import Finding, distance, is_bound
from optlab.report.page.training import training_command


class Answer(NamedTuple):
    """What a reader with ten seconds takes from one problem."""

    problem: str
    use: str  # ``Use adam at lr=0.01``, or why there is nothing to recommend
    facts: list[tuple[str, str]] = []  # noqa: RUF012 - a term and a sentence each; nobody changes it
    command: str = ""
    optimizer: str | None = None


def answers(study: Study, found: list[Finding]) -> list[Answer]:
    """One answer per problem, in the order of the summary; `found` are its findings, which say why if there
    is nothing to recommend."""
    reasons = {finding.problem: finding for finding in found}
    runs = study.representative.set_index(["problem", "optimizer"])
    spent = efforts(study)
    given = []
    for problem, part in study.summary.groupby("problem", sort=False):
        name = str(problem)
        ranked = part[part["rank"].notna()] if len(part) > 1 else part
        if ranked.empty or (reasons[name].leader is None and not np.isfinite(ranked.iloc[0]["centre"])):
            given.append(Answer(name, reasons[name].verdict, [("Why", reasons[name].text)]))
            continue
        row = _recommended(ranked, spent[name])
        optimizer = str(row["optimizer"])
        facts = {
            "Lead": _lead(row, part, study.comparisons),
            "Cost": _cost(optimizer, spent[name]),
            "Care": _care(row, spent[name]),
        }
        source = str(runs.at[(problem, optimizer), "folder"] or study.results.folders[0])
        command = training_command(runs.loc[(problem, optimizer)], source)
        shown = [(term, text) for term, text in facts.items() if text]
        given.append(Answer(name, f"Use {optimizer} at {row['setting']}", shown, command, optimizer))
    return given


def _recommended(ranked: pd.DataFrame, effort: Effort) -> pd.Series:
    """The first; of those that are equal or equivalent to it, the one with the fewest steps."""
    alike = ranked[ranked["verdict"].isin(["", EQUAL, EQUIVALENT]) & ranked["tied"]]
    fewest = effort.of(list(alike["optimizer"].astype(str))).fewest
    return ranked[ranked["optimizer"] == fewest].iloc[0] if fewest else ranked.iloc[0]


def _lead(row: pd.Series, part: pd.DataFrame, pairs: pd.DataFrame) -> str:
    """Who is not shown to differ from it, and how far behind the next is."""
    if len(part) == 1:
        return "It is the only optimizer that was run."
    verdicts = against(pairs, str(row["problem"]), str(row["optimizer"]))
    order = [name for name in part["optimizer"].astype(str) if name in verdicts]
    texts = []
    for verdict, phrase in PHRASES.items():
        names = [name for name in order if verdicts[name] == verdict]
        texts += [f"{phrase} {_some(names)}."] * bool(names)
    behind = [name for name in order if verdicts[name] == BETTER]
    if behind:
        own = pairs[(pairs["problem"] == row["problem"]) & (pairs["first"] == row["optimizer"])]
        pair = own[own["second"] == behind[0]].iloc[0]
        other = part[part["optimizer"] == behind[0]].iloc[0].copy()
        other["contrast"] = pair["contrast"]
        chance = "no chance is in it" if pair["test"] == FACT else f"p = {words.number(pair['p'], 2)}"
        texts.insert(0, f"Shown to be ahead of {behind[0]}, the next{_amount(other, row)} ({chance}).")
    return " ".join(texts)


def _amount(other: pd.Series, row: pd.Series) -> str:
    """``, whose gap J − J* is 3.2 times as high``; empty where it is not known."""
    amount = distance(other, is_bound(row)).removeprefix(", ")
    if other["scale"] == "difference" and np.isfinite(other["contrast"]):
        side = "lower" if other["contrast"] < 0 else "higher"
        amount = f"{words.number(abs(other['contrast']), 3)} {side}"
    return f", whose {words.label(row['quantity'])} is {amount}" if amount else ""


PHRASES = {
    EQUAL: "Equal to rounding:",
    EQUIVALENT: "Equivalent:",
    UNDECIDED: "Not shown to differ from",
    UNTESTED: "Not compared with",
}
MAX_NAMED = 4


def _some(names: list[str]) -> str:
    rest = len(names) - MAX_NAMED + 1
    return words.listed(names if len(names) <= MAX_NAMED else [*names[: MAX_NAMED - 1], f"{rest} others"])


def _cost(optimizer: str, effort: Effort) -> str:
    """``404 steps, 1,212 gradient-equivalents``."""
    if optimizer in effort.timed_out:
        return "The clock ended its runs."
    text = f"{words.count(effort.counts[optimizer])} {effort.counted}"
    if optimizer in effort.work:
        text += f", work of {words.count(effort.work[optimizer])} gradient-equivalents"
    return f"{text}."


def _care(row: pd.Series, effort: Effort) -> str:
    """How far its rate may be off."""
    width, edge = float(effort.decades[row["optimizer"]]), row["edge"]
    text = f"Good learning rates span {width:.2g} decade{'s' * (round(width, 2) != 1)}."
    if np.isnan(width):
        text = "One learning rate was tried."
    elif not width:
        text = "At most one rate of its grid is good."
    if edge:
        text += f" It is the {edge} of its grid: a better one may lie beyond."
    if row["grid_diverged"]:
        text += f" Of its runs at any setting, {words.share(row['grid_diverged'])} diverged."
    return text
