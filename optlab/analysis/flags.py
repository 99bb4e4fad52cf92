"""Red flags: what makes a comparison less fair than it looks. The report tells them before its findings."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pandas as pd

from optlab.analysis.choice.grid_edges import grid_edges
from optlab.analysis.choice.tuning import SETTING
from optlab.analysis.comparison.comparisons import EQUAL, EQUIVALENT
from optlab.analysis.comparison.copies import copies
from optlab.analysis.comparison.implausible import known_minima, many_gradients, slow_work, uncounted_passes
from optlab.analysis.comparison.targets import unlike_records
from optlab.analysis.problem.deterministic import deterministic
from optlab.analysis.problem.outcomes import diverged, worse
from optlab.analysis.problem.problems import configuration
from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.problem.unlike import unlike
from optlab.analysis.statistics import LEVEL
from optlab.analysis.study import Study

Numbers = dict[str, float | str]


class Flag(NamedTuple):
    """Something that a reader must know before the findings."""

    kind: str  # a key of `KINDS`
    problem: str
    optimizers: tuple[str, ...]  # whose results it concerns; empty: those of all
    numbers: Numbers


def flags(study: Study) -> list[Flag]:
    """All flags, by kind in the order of `KINDS`."""
    return [Flag(kind, *raised) for kind, find in KINDS.items() for raised in find(study)]


Found = Iterator[tuple[str, tuple[str, ...], Numbers]]


def _idle_seeds(study: Study) -> Found:
    """Several seeds gave the same run: they are one, not many."""
    same = study.runs[deterministic(study.runs)]
    for problem, own in same.groupby("problem", sort=False):
        seeds = own.groupby(["optimizer", "setting"])["seed"].nunique().groupby("optimizer").max()
        if (seeds > 1).any():
            yield str(problem), tuple(map(str, seeds.index[seeds > 1])), {"seeds": int(seeds.max())}


def _unlike(study: Study) -> Found:
    """Optimizers share data and model, but not the problem: their penalty, split or budget differs."""
    for own in unlike(study.runs):
        yield own.problem, own.optimizers, {"options": own.options, "meet": "no" if own.disjoint else "yes"}


def _copies(study: Study) -> Found:
    """Optimizers took the same path: one method may have two names."""
    for row in copies(study.chosen, study.trajectories).to_dict("records"):
        yield str(row["problem"]), row["optimizers"], {}


def _same_seeds(study: Study) -> Found:
    """Settings are judged on the seeds that they were chosen on."""
    choice = study.runs.groupby(GROUP)["setting"].nunique().groupby(level="problem").max() > 1
    for problem in choice.index[choice & ~study.divided.reindex(choice.index)]:
        yield str(problem), (), {"seeds": int(_seeds(study, problem).max())}


def _unequal_grids(study: Study) -> Found:
    """One optimizer had more settings to choose from than another."""
    sizes = study.runs.groupby(GROUP)["setting"].nunique()
    for problem, own in sizes.groupby(level="problem"):
        own = own.droplevel("problem")
        if own.nunique() > 1:
            fewest = ", ".join(_at(own, own.min()))
            yield str(problem), _at(own, own.max()), {"most": own.max(), "least": own.min(), "whose": fewest}


def _unequal_seeds(study: Study) -> Found:
    """Optimizers have unequal numbers of evaluation seeds; one is enough where the seed changes nothing."""
    for problem, judged in study.judgements.items():
        layout, own = judged.layout, _seeds(study, problem)
        random = [name for name, varies in zip(layout.names, layout.random, strict=True) if varies]
        own = own[own.index.isin([*random, *layout.excluded])]
        if own.nunique() > 1:
            numbers: Numbers = {"least": own.min(), "most": own.max(), "common": len(layout.values)}
            yield problem, _at(own, own.min()), numbers


def _ties(study: Study) -> Found:
    """Values repeat so often that no test of the pair could reject."""
    pairs = study.comparisons
    for problem, own in pairs[pairs["least_p"] > LEVEL].groupby("problem", sort=False):
        named = dict.fromkeys([*own["first"], *own["second"]])
        numbers: Numbers = {
            "pairs": len(own),
            "seeds": int(own["seeds"].max()),
            "p": float(own["least_p"].min()),
        }
        yield str(problem), tuple(map(str, named)), numbers


def _recording(study: Study) -> Found:
    """Optimizers were recorded at different epochs, which limits what costs to target can say."""
    for (problem, spacing), own in unlike_records(study.chosen, study.trajectories).groupby(
        ["problem", "spacing"]
    ):
        comparable = "no" if problem in study.not_comparable else "yes"
        yield str(problem), tuple(own["optimizer"]), {"spacing": float(spacing), "comparable": comparable}


def _edge(study: Study) -> Found:
    """The chosen setting lies at the edge of the grid."""
    for row in grid_edges(study.runs, study.best).to_dict("records"):
        numbers: Numbers = {name: row[name] for name in ("option", "value", "edge")}
        yield str(row["problem"]), (str(row["optimizer"]),), numbers


def _diverged(study: Study) -> Found:
    """Runs of the chosen setting diverged, on seeds that chose it or on those that judge it."""
    chosen = study.runs.merge(study.best[SETTING], on=SETTING)
    for (problem, optimizer), own in chosen[diverged(chosen)].groupby(GROUP, sort=False):
        numbers: Numbers = {"tuning": int(own["tunes"].sum()), "evaluation": int(own["evaluates"].sum())}
        yield str(problem), (str(optimizer),), numbers


def _worse(study: Study) -> Found:
    """Runs of the chosen setting ended above their start: no setting of the optimizer trains."""
    chosen = study.runs.merge(study.best[SETTING], on=SETTING)
    for (problem, optimizer), own in chosen[worse(chosen)].groupby(GROUP, sort=False):
        yield str(problem), (str(optimizer),), {"runs": len(own)}


def _overfitted(study: Study) -> Found:
    """The chosen setting has a clearly higher validation cost than another."""
    for row in study.validated[study.validated["parted"].astype(bool)].to_dict("records"):
        numbers: Numbers = {name: row[name] for name in ("setting", "cost", "chosen_cost")}
        yield str(row["problem"]), (str(row["optimizer"]),), numbers


def _passed_over(study: Study) -> Found:
    """A setting with a better median on the tuning seeds was not chosen, for it diverged on some of them."""
    tried = study.tuning_settings
    chosen = tried.merge(study.best[SETTING], on=SETTING).set_index(GROUP)
    for group, own in tried.groupby(GROUP, sort=False):
        if group in chosen.index:
            better = own[own["ranking_value"] < chosen.at[group, "ranking_value"]]
            better = better.sort_values("ranking_value", kind="stable")
            if len(better) and better["diverged"].iloc[0] > chosen.at[group, "diverged"]:
                first = better.iloc[0]
                numbers: Numbers = {"setting": str(first["setting"]), "diverged": float(first["diverged"])}
                yield str(group[0]), (str(group[1]),), numbers


def _timed_out(study: Study) -> Found:
    """The clock ended runs of the chosen setting."""
    clocked = (study.chosen["status"] == "timed_out").groupby([study.chosen[name] for name in GROUP])
    for (problem, optimizer), own in clocked:
        if own.any():
            yield str(problem), (str(optimizer),), {"runs": int(own.sum()), "of": len(own)}


def _stalled(study: Study) -> Found:
    """Runs of the chosen setting stood still at their end, away from a minimum."""
    still = (study.chosen["status"] == "stalled").groupby([study.chosen[name] for name in GROUP])
    for (problem, optimizer), own in still:
        if own.any():
            yield str(problem), (str(optimizer),), {"runs": int(own.sum()), "of": len(own)}


def _stopped(study: Study) -> Found:
    """A stop rule ended runs of an optimizer that came out behind the first: it might have come closer."""
    behind = study.summary[~study.summary["verdict"].isin(["", EQUAL, EQUIVALENT])]
    ended = study.chosen[
        study.chosen["status"].isin(["converged", "early_stopped"])
        & study.chosen["config"].map(_stops_before_the_minimum)
    ]
    for (problem, optimizer), own in ended.merge(behind[GROUP], on=GROUP).groupby(GROUP, sort=False):
        numbers: Numbers = {"runs": len(own), "steps": float(own["steps"].median())}
        yield str(problem), (str(optimizer),), numbers


def _many_gradients(study: Study) -> Found:
    """An optimizer takes far more gradients than its batches need."""
    for row in many_gradients(study.chosen, study.points).to_dict("records"):
        numbers: Numbers = {"gradients": float(row["gradients"]), "batch": str(row["batch"])}
        yield str(row["problem"]), (str(row["optimizer"]),), numbers


def _uncounted_passes(study: Study) -> Found:
    """Runs passed over the data without asking the oracle, so that no cost counts it."""
    for row in uncounted_passes(study.chosen, study.trajectories).to_dict("records"):
        numbers: Numbers = {name: float(row[name]) for name in ("passes", "counted")}
        yield str(row["problem"]), (str(row["optimizer"]),), numbers


def _hidden_work(study: Study) -> Found:
    """Counted work takes far more seconds than that of the others: some may not be counted."""
    for row in slow_work(study.chosen, study.points, study.trained_alone).to_dict("records"):
        yield str(row["problem"]), (str(row["optimizer"]),), {"times": float(row["times"])}


def _known_minimum(study: Study) -> Found:
    """The first step lands on J*."""
    for row in known_minima(study.chosen, study.trajectories).to_dict("records"):
        yield str(row["problem"]), (str(row["optimizer"]),), {"runs": int(row["runs"])}


KINDS: dict[str, Callable[[Study], Found]] = {
    "idle seeds": _idle_seeds,
    "unlike problems": _unlike,
    "copies": _copies,
    "same seeds": _same_seeds,
    "unequal grids": _unequal_grids,
    "unequal seeds": _unequal_seeds,
    "ties": _ties,
    "recording": _recording,
    "edge": _edge,
    "diverged": _diverged,
    "worse": _worse,
    "overfitted": _overfitted,
    "passed over": _passed_over,
    "timed out": _timed_out,
    "stalled": _stalled,
    "stopped": _stopped,
    "many gradients": _many_gradients,
    "uncounted passes": _uncounted_passes,
    "hidden work": _hidden_work,
    "known minimum": _known_minimum,
}


def _seeds(study: Study, problem: str) -> pd.Series:
    """How many seeds judge each optimizer of a problem."""
    own = study.chosen[study.chosen["problem"] == problem]
    return own.groupby("optimizer")["repetition"].nunique()


def _at(numbers: pd.Series, value: float) -> tuple[str, ...]:
    """The optimizers with that number."""
    return tuple(str(name) for name in numbers.index[numbers == value])


def _stops_before_the_minimum(text: str) -> bool:
    """Whether training stops by small steps of the cost, or by validation: not by the gradient alone."""
    training = configuration(text).get("training")
    return isinstance(training, dict) and any(training.get(rule) for rule in ("tolerance", "patience"))
