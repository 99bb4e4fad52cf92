"""What was run, in words: data, model, budget, optimizers, grid, seeds, and where the numbers come from."""

import math
from typing import Any, NamedTuple

import pandas as pd

from optlab.analysis.problem.problems import flat
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.page.circumstances import circumstances
from optlab.store.provenance import commands
from optlab.training.metrics import higher_is_better


class Fact(NamedTuple):
    """A term and what it was."""

    term: str
    text: str


def protocol(study: Study) -> list[Fact]:
    """The facts that someone needs to judge the comparison."""
    runs, record = study.runs, study.results.provenance
    counts = runs["status"].value_counts()
    statuses = ", ".join(f"{number:,} {str(status).replace('_', ' ')}" for status, number in counts.items())
    made = commands(record)
    names = ["Command"] if len(made) == 1 else [f"Command {number}" for number in range(1, len(made) + 1)]
    facts = [Fact(name, command) for name, command in zip(names, made, strict=True)]
    facts += [Fact("Runs", f"{len(runs):,}: {statuses}.")]
    facts += [
        Fact("Problem", f"{problem}: {circumstances(part)}.")
        for problem, part in runs.groupby("problem", sort=True)
    ]
    facts += [Fact("Learning rates", text) for text in _grids(runs)]
    return [
        *facts,
        Fact("Seeds", _seeds(runs)),
        Fact("Choice of the learning rate", choice(study)),
        *_minima(runs),
        Fact("Seconds", _seconds(study.trained_alone)),
    ]


def provenance(record: dict[str, Any] | None) -> list[Fact]:
    """The provenance record as terms and texts, nested parts joined by a dot."""
    if not record:
        return []
    return [
        Fact(str(key).removeprefix(".").replace("_", " "), _plain(value))
        for key, value in flat(record, "").items()
    ]


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(_plain(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_plain(item)}" for key, item in value.items())
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    return str(value)


def _grids(runs: pd.DataFrame) -> list[str]:
    """One line per distinct grid of learning rates, with the optimizers that share it."""
    grids: dict[tuple[float, ...], list[str]] = {}
    for optimizer, part in runs.groupby("optimizer", sort=True):
        grids.setdefault(tuple(sorted(part["lr"].dropna().astype(float).unique())), []).append(str(optimizer))
    texts = []
    for rates, names in grids.items():
        span = ", ".join(words.rate(rate) for rate in rates) or "no learning rate in the table"
        if len(rates) > 6:
            span = f"{len(rates)} from {words.rate(rates[0])} to {words.rate(rates[-1])}"
        texts.append(f"{words.listed(names)}: {span}.")
    return texts


def _seeds(runs: pd.DataFrame) -> str:
    seeds = sorted(runs["seed"].dropna().unique())
    names = ", ".join(f"{seed:g}" for seed in seeds[:12]) + (", …" if len(seeds) > 12 else "")
    each = runs.groupby(["problem", "optimizer", "setting"])["repetition"].nunique()
    text = f"{words.plural(len(seeds), 'seed')} ({names})."
    if each.min() != each.max():
        text += f" Settings were repeated {each.min()} to {each.max()} times: not all have the same seeds."
    elif each.min() > len(seeds):
        text += f" With the splits of the data, every setting was repeated {each.min()} times."
    if len(seeds) == 1 and each.max() == 1:
        text += " With one seed nothing can be said about the spread."
    return text


def criterion(study: Study) -> str:
    """What the setting of an optimizer is chosen by, as ``lowest median final training cost J``."""
    better = "highest" if higher_is_better(study.metric) else "lowest"
    by_gap = study.metric == "final_train_cost" and study.runs["optimum"].notna().any()
    rest = " (of the gap J − J* where J* is known)" * bool(by_gap)
    return f"{better} median {words.metric(study.metric)}{rest}"


def choice(study: Study) -> str:
    """How the setting of every optimizer was chosen, in sentences."""
    runs, separate = study.runs, study.divided
    text = (
        f"Every optimizer is shown at the setting of its own grid with the {criterion(study)}; settings "
        "at which a run diverged rank behind all others."
    )
    if runs.groupby(["problem", "optimizer"])["setting"].nunique().max() == 1:
        return text
    if separate.any():
        first, second = (
            ", ".join(f"{seed:g}" for seed in sorted(runs.loc[of & ~other, "seed"].unique()))
            for of, other in ((runs["tunes"], runs["evaluates"]), (runs["evaluates"], runs["tunes"]))
        )
        text += f" Seeds {first} chose the setting; seeds {second} judge it."
    if not separate.all():
        where = f" on {words.listed(separate.index[~separate])}" if separate.any() else ""
        text += (
            f" Selection and evaluation share their seeds{where}, which flatters every optimizer a little."
        )
    return text


def _minima(runs: pd.DataFrame) -> list[Fact]:
    """The least training cost of every problem, or why it is not known."""
    facts = []
    for problem, part in runs.groupby("problem", sort=True):
        least, bound = part["optimum"], part["optimum_gap"].max()
        if least.isna().all():
            text = f"not known: {part['optimum_reason'].iloc[0]}"
        else:
            text = f"J* = {least.min():.12g}" + (f" to {least.max():.12g}" if least.nunique() > 1 else "")
            text += " (over the splits of the data)" if least.nunique() > 1 else ""
            text += ", given"
            if not math.isnan(bound):
                certain = f"no parameters have a cost lower by more than {words.certificate(bound)}"
                text = f"{text.removesuffix(', given')}, computed apart from all runs; {certain}"
        facts.append(Fact("Least training cost", f"{problem}: {text}."))
        if part["L"].notna().any():
            facts.append(Fact("Curvature of the cost", f"{problem}: {_curvature(part)}."))
    return facts


def _curvature(part: pd.DataFrame) -> str:
    """The numbers that step sizes and rates from theory are made of; medians where splits differ."""
    bound, least, largest = (part[name].median() for name in ("L", "mu", "sharpness"))
    text = f"L = {words.number(bound)} is the largest anywhere"
    if math.isnan(least):
        return text
    return (
        f"{text}; at the minimum it is from μ = {words.number(least)} to {words.number(largest)}, "
        f"so that the condition number κ = L / μ is {words.number(bound / least, 3)}, there "
        f"{words.number(largest / least, 3)}"
    )


def _seconds(alone: pd.Series) -> str:
    """Whether seconds are compared; `alone`: on which problems every run was a stack of its own."""
    if alone.all():
        return "Every run was trained alone, so their wall clock (evaluation excluded) can be compared."
    which = "" if not alone.any() else f" on {words.listed(alone.index[~alone])}"
    return (
        f"Not compared{which}: runs were trained together as stacks, and the wall clock of a stack is "
        "not that of one run. Train with hydra.launcher.max_stack=1 to compare seconds."
    )
