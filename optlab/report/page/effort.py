"""At what cost, in words: steps, work, width of the good rates, shares of runs that failed."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.drawing import outcome

MAX_LISTED = 8  # optimizers that are listed one by one
NAMED = 3  # of more, those with the least
WORK = "gradient_equivalents"


class Effort(NamedTuple):
    """What the optimizers of one problem spent, by their names."""

    counted: str  # "steps", or "epochs" where batches differ
    counts: pd.Series  # medians over the chosen runs; without those that the clock ended
    work: pd.Series  # the same in gradient-equivalents; empty where they are not known
    decades: pd.Series  # width of the good rates, in powers of ten
    diverged: pd.Series  # share of all runs
    timed_out: list[str]
    worse: pd.Series = pd.Series(dtype=float)  # share of all runs that ended above their start

    @property
    def fewest(self) -> str:
        """The optimizer with the fewest steps, if it is one alone and no clock ended runs."""
        least = self.counts.nsmallest(2)
        unique = len(least) == 2 and least.iloc[0] < least.iloc[1] and not self.timed_out
        return str(least.index[0]) if unique else ""

    def of(self, names: list[str]) -> "Effort":
        """Of these optimizers."""
        counts, work, decades, diverged = (part[part.index.isin(names)] for part in self[1:5])
        late = [name for name in self.timed_out if name in names]
        worse = self.worse[self.worse.index.isin(names)]
        return Effort(self.counted, counts, work, decades, diverged, late, worse)


def efforts(study: Study) -> Mapping[str, Effort]:
    """What the chosen runs of every problem spent."""
    work = pd.Series(dtype=float)
    if study.cost_axis == WORK:
        spent = study.chosen["run_id"].map(study.points.groupby("run_id")[WORK].max())
        work = spent.groupby([study.chosen[name] for name in GROUP]).median()
    stopped = study.chosen["status"].eq("timed_out").groupby([study.chosen[name] for name in GROUP]).any()
    decades = outcome.table(study, "tuned").set_index(GROUP)["decades"]
    by_problem = {}
    for problem, part in study.summary.groupby("problem", sort=False):
        own = part.set_index("optimizer")
        counted = "steps" if part["batch"].nunique() == 1 else "epochs"
        late = [str(name) for name in own.index if stopped[problem, name]]
        finished = own.index.difference(late, sort=False)
        spent = work[problem].reindex(finished) if len(work) else work
        by_problem[str(problem)] = Effort(
            counted,
            own.loc[finished, counted],
            spent.dropna(),
            decades[problem].reindex(own.index),
            own["grid_diverged"],
            late,
            own["grid_worse"],
        )
    return by_problem


def sentences(effort: Effort) -> str:
    """What the optimizers spent, each sentence with a space before it."""
    counts, work = effort.counts, effort.work
    text = ""
    if len(counts):
        what = effort.counted.capitalize()
        whose = f" of {counts.index[0]}" if effort.timed_out and len(counts) == 1 else ""
        text += f" {_amounts(what + whose, counts)}."
    if len(work) and not (len(work) == len(counts) and work.round(1).equals(counts.round(1).astype(float))):
        text += f" {_amounts('Work in gradient-equivalents', work)}."
    if effort.timed_out:
        text += (
            f" The clock ended runs of {words.listed(effort.timed_out)}: their {effort.counted} say nothing."
        )
    return text + _rates(effort.decades) + _failing(effort)


def _amounts(what: str, values: pd.Series) -> str:
    """``Steps: newton 5, sgd 66, adam and momentum 404``, the least first."""
    texts: dict[str, list[str]] = {}
    for name, value in values.sort_values(kind="stable").items():
        texts.setdefault(words.count(value), []).append(str(name))
    if len(texts) == 1:
        (amount,) = texts
        return f"{what}: {amount}{' each' * (len(values) > 1)}"
    amounts = [f"{words.listed(names)} {amount}" for amount, names in texts.items()]
    if len(values) > MAX_LISTED and len(amounts) > NAMED + 1:
        amounts = [*amounts[:NAMED], f"the most {amounts[-1]}"]
    return f"{what}: {', '.join(amounts)}"


def _rates(decades: pd.Series) -> str:
    """How far a learning rate may be off."""
    known = decades.dropna().sort_values(ascending=False, kind="stable")
    if known.empty:
        return ""
    if not known.any():
        return " At most one rate of each grid is good."
    widths = known.map(lambda width: f"{width:.2g} decade{'s' * (round(width, 2) != 1)}")
    if widths.nunique() == 1:
        return f" Good learning rates span {widths.iloc[0]}{' each' * (len(widths) > 1)}."
    widest, narrowest = (
        words.listed(map(str, widths.index[widths == width])) for width in (widths.iloc[0], widths.iloc[-1])
    )
    text = f" Good learning rates span {widths.iloc[0]} with {widest}"
    if known.iloc[-1] == 0:
        return f"{text}; with {narrowest} at most one rate of the grid is good."
    return f"{text} and {widths.iloc[-1]} with {narrowest}."


def _failing(effort: Effort) -> str:
    """Who diverged or ended above the start how often, at any setting."""
    diverged = _shares("Diverged runs", effort.diverged)
    return diverged + _shares("Runs that end above their start", effort.worse)


def _shares(what: str, shares: pd.Series) -> str:
    failing = shares[shares > 0].sort_values(ascending=False)
    if failing.empty:
        return ""
    shown = [f"{name} {words.share(share)}" for name, share in failing.iloc[:NAMED].items()]
    rest = [words.plural(len(failing) - NAMED, "other")] * (len(failing) > NAMED)
    return f" {what}, at any setting: {', '.join([*shown, *rest])}."
