"""How the runs of a problem were trained: batches, budget, split, cost."""

from typing import Any

import pandas as pd

from optlab.analysis.problem.problems import configuration, penalty_text
from optlab.report import words

SAMPLING = {
    "independent": " drawn independently",
    "shuffled_once": " in an order drawn once",
    "fixed": " in the order of the data",
}
"""How batches are drawn, in words, where it is not the usual way."""


def circumstances(part: pd.DataFrame) -> str:
    """How the runs of one problem were trained, as a list of short terms."""
    config = configuration(part["config"].iloc[0])
    data, model, training = (_section(config, name) for name in ("dataset", "model", "training"))
    budget = [f"{training[key]:,} {noun}" for key, noun in (("epochs", "epochs"), ("max_steps", "steps"))
              if isinstance(training.get(key), int)]  # fmt: skip
    texts = [
        _batches(part),
        "at most " + " and ".join(budget) if budget else "",
        _split(part),
        "standardised" if data.get("standardize") else "",
        penalty_text(config),
        str(model["loss"]).replace("_", " ") if "loss" in model else "",
        f"{_section(config, 'schedule')['name']} schedule" if "name" in _section(config, "schedule") else "",
        str(config.get("dtype", "")),
    ]
    return ", ".join(text for text in texts if text)


def _batches(part: pd.DataFrame) -> str:
    """``full batch``; where optimizers differ, ``full batch (lbfgs), mini-batches of 64 (saga and sgd)``."""
    texts = []
    for batch, own in part.groupby("batch", sort=False):
        size, _, sampling = str(batch).partition(" ")
        text = "full batch" if size == "full" else f"mini-batches of {size}"
        text += SAMPLING.get(sampling, "")
        whose = words.listed(sorted(own["optimizer"].astype(str).unique()))
        texts.append(f"{text} ({whose})" if part["batch"].nunique() > 1 else text)
    return ", ".join(texts)


def _split(part: pd.DataFrame) -> str:
    """Shares of the data that are set aside, and the seeds that they were drawn with; "" of none."""
    sections = [_section(configuration(text), "dataset") for text in part["config"].unique()]
    shares = [
        f"{words.share(sections[0][f'{name}_fraction'])} {name}"
        for name in ("validation", "test")
        if sections[0].get(f"{name}_fraction")
    ]
    if not shares:
        return ""
    seeds = sorted({data["split_seed"] for data in sections if isinstance(data.get("split_seed"), int)})
    which = f" (split seed {seeds[0]})" if len(seeds) == 1 else ""
    if len(seeds) > 1:
        which = f" (drawn anew with {len(seeds)} split seeds, {seeds[0]} to {seeds[-1]})"
    return f"split {' and '.join(shares)}{which}"


def _section(config: dict[str, Any], name: str) -> dict[str, Any]:
    section = config.get(name)
    return section if isinstance(section, dict) else {}
