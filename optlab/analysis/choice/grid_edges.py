"""Chosen settings at the edge of the grid, of any hyperparameter that was swept."""

from typing import Any

import pandas as pd

from optlab.analysis.choice.tuning import SETTING
from optlab.analysis.problem.problems import configuration, flat
from optlab.analysis.problem.seeds import GROUP

COLUMNS = [*GROUP, "option", "value", "edge"]


def grid_edges(runs: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """One row per chosen setting and hyperparameter that lies at an end of the values tried: a better one may
    lie beyond.

    Zero is no such end, for most options end there by themselves; and there is none where another setting is
    as good.

    Args:
        runs: all of them, with their setting.
        best: see `tuning.best_settings`.

    Returns:
        ``problem optimizer option value edge``; `edge` is ``lowest`` or ``highest``.
    """
    chosen = set(best.loc[best["equal"] == 0, SETTING].itertuples(index=False, name=None))
    rows: list[tuple[Any, ...]] = []
    for (problem, optimizer), part in runs.groupby(GROUP, sort=False):
        settings = part.drop_duplicates("setting")
        options = pd.DataFrame([_numbers(text) for text in settings["config"]], index=settings["setting"])
        for option in options:
            tried = options[option].dropna()
            for setting, value in tried.items():
                edge = {tried.min(): "lowest", tried.max(): "highest"}.get(value)
                if tried.nunique() > 1 and (problem, optimizer, setting) in chosen and edge and value:
                    rows.append((problem, optimizer, option, value, edge))
    return pd.DataFrame(rows, columns=COLUMNS)


def _numbers(text: str) -> dict[str, float]:
    """The numbers among the options of an optimizer, and the size of its batches."""
    config = configuration(text)
    section, training = config.get("optimizer"), config.get("training")
    options = flat(section, "") if isinstance(section, dict) else {}
    options |= {".batch_size": training.get("batch_size") if isinstance(training, dict) else None}
    return {
        name.removeprefix("."): float(value)
        for name, value in options.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
