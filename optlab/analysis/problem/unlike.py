"""Optimizers that were run on the same data and model, but on other problems: they are not compared there."""

from typing import NamedTuple

import pandas as pd

from optlab.analysis.problem.problems import BASE, NOT_THE_PROBLEM, SPLIT, circumstances_of, configuration

SAME = ("dataset.name", "dataset.path", *sorted(BASE))
MAX_VALUES = 3  # that are named


class Unlike(NamedTuple):
    """Optimizers that were run on the same problems of a data set and model, of which others lack some."""

    problem: str  # data · model
    optimizers: tuple[str, ...]
    options: str  # their values of what differs, as ``l2=0 or 0.1 and epochs=10``
    disjoint: bool  # whether some optimizers share no problem; else they differ in the splits of the data


def unlike(runs: pd.DataFrame) -> list[Unlike]:
    """Where penalty, budget or anything else keeps optimizers from meeting on one problem, or splits differ.

    Args:
        runs: with their problem, and the columns that tell data apart.
    """
    options = circumstances_of([configuration(text) for text in runs["config"]], runs)
    table = runs[["problem", "optimizer"]].astype(str).assign(options=options)
    found = []
    for _, part in table.groupby([str([own.get(name) for name in SAME]) for own in options], sort=False):
        groups = _groups(part)
        disjoint = any(first.isdisjoint(second) for first in groups for second in groups)
        differing = _differing(part, groups) if len(groups) > 1 else {}
        if disjoint or SPLIT in differing:
            base = " · ".join(part["problem"].iloc[0].split(" · ")[:2])
            found += [Unlike(base, own, _text(differing, own), disjoint) for own in groups.values()]
    return found


def _groups(part: pd.DataFrame) -> dict[frozenset[str], tuple[str, ...]]:
    """Optimizers by the problems that they were run on."""
    problems = part.groupby("optimizer")["problem"].agg(frozenset)
    return {own: tuple(problems.index[problems == own]) for own in dict.fromkeys(problems)}


Values = dict[str, dict[tuple[str, ...], list[str]]]  # of options, by name and optimizers


def _differing(part: pd.DataFrame, groups: dict[frozenset[str], tuple[str, ...]]) -> Values:
    """The options in which the problems of the groups differ."""
    held = {
        own: list(part.loc[part["problem"].isin(problems), "options"]) for problems, own in groups.items()
    }
    names = sorted({name for every in held.values() for each in every for name in each} - NOT_THE_PROBLEM)
    values = {
        name: {own: sorted({str(each.get(name)) for each in every}) for own, every in held.items()}
        for name in names
    }
    return {name: own for name, own in values.items() if len(set(map(tuple, own.values()))) > 1}


def _text(differing: Values, optimizers: tuple[str, ...]) -> str:
    texts = []
    for name, own in differing.items():
        values = ["null" if value == "None" else value for value in own[optimizers]]
        more = [f"{len(values) - MAX_VALUES} others"] * (len(values) > MAX_VALUES)
        texts.append(f"{name.split('.')[-1]}={' or '.join([*values[:MAX_VALUES], *more])}")
    return " and ".join(texts)
