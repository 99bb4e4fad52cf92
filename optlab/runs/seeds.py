"""What the seed of a run decides: nothing, where neither start, nor batches, nor steps are drawn."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from optlab.optimizers import REGISTRY


def draws_nothing(config: Mapping[str, Any]) -> bool:
    """Whether a run with this configuration is the same for every seed.

    So it is where the order of the samples is fixed or all of them are in every batch, parameters start at
    zero or at a chosen point, no units are dropped, and the method draws no numbers.
    """
    model, training = (config.get(name) for name in ("model", "training"))
    if not isinstance(model, dict) or not isinstance(training, dict):
        return False
    is_fixed = training.get("batch_size", 0) is None or training.get("sampling") == "fixed"
    is_chosen = model.get("init") == "zeros" or "start" in model
    section = config.get("optimizer")
    draws = isinstance(section, dict) and _draws(section.get("name"))
    return is_fixed and is_chosen and not model.get("dropout") and not draws


def idle_seeds(configs: Iterable[Mapping[str, Any]]) -> str:
    """What to tell of canonical configurations that only an idle seed tells apart; empty: there are none."""
    fixed = [config for config in configs if draws_nothing(config)]
    alike = Counter(json.dumps(dict(config) | {"seed": None}, default=str) for config in fixed)
    repeated = sum(number for number in alike.values() if number > 1)
    if not repeated:
        return ""
    settings = sum(number > 1 for number in alike.values())
    what = f"{repeated} runs, which repeat {settings} setting{'s' * (settings > 1)}"
    return (
        f"the seed changes nothing in {what}: same start, same batches, same split; "
        "'dataset.split_seed=${seed}' draws a split for every seed"
    )


@cache
def _draws(optimizer: Any) -> bool:
    """Whether the method of that name draws numbers in its steps; one that is not known here does not."""
    return optimizer in REGISTRY.names() and REGISTRY.entry(optimizer).draws
