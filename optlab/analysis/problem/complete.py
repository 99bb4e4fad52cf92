"""Tables that lack columns, as those of older folders do: what an analysis can do without."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from optlab.core.errors import UserError
from optlab.store import columns
from optlab.store.read import Results

NEEDED = {
    "runs": ("run_id", "dataset", "model", "optimizer", "seed", "status", "final_train_cost", "config"),
    "trajectories": ("run_id", "step", "train_cost"),
}
KNOWN = {"runs": columns.RUNS.names, "trajectories": columns.TRAJECTORIES.names}


def complete(results: Results) -> tuple[Results, dict[str, list[str]]]:
    """`results` whose tables have all columns they should have, and the columns they lack, by table.

    A column that a table lacks comes without values.

    Raises:
        UserError: there are no runs, or a column is missing that nothing can be said without.
    """
    if results.runs.empty:
        raise UserError(
            f"{_named(results.folders)}: has no runs in it; name a folder that optlab has written"
        )
    tables: dict[str, pd.DataFrame] = {"runs": results.runs, "trajectories": results.trajectories}
    missing = {}
    for name, table in tables.items():
        missing[name] = [column for column in KNOWN[name] if column not in table]
        needed = [column for column in missing[name] if column in NEEDED[name]]
        if needed:
            raise UserError(
                f"{_named(results.folders)}: the table of {name} has no column {', '.join(needed)}; name a "
                "folder that optlab has written"
            )
        tables[name] = table.assign(**dict.fromkeys(missing[name], np.nan)) if missing[name] else table
    return replace(results, **tables), {name: columns for name, columns in missing.items() if columns}


def _named(folders: Iterable[Any]) -> str:
    return " ".join(map(str, folders))
