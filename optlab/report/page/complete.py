"""Tables that lack columns: what a report cannot do without, and what it can."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from optlab.core.errors import UserError
from optlab.report import words
from optlab.store import columns

NEEDED = {
    "runs": ("run_id", "dataset", "model", "optimizer", "seed", "status", "final_train_cost", "config"),
    "trajectories": ("run_id", "step", "train_cost"),
}
KNOWN = {"runs": columns.RUNS.names, "trajectories": columns.TRAJECTORIES.names}


def complete(table: pd.DataFrame, name: str, folders: Iterable[Any]) -> tuple[pd.DataFrame, list[str]]:
    """`table` with all columns it should have, those it lacks without values; and a sentence that says so.

    Args:
        table: of a result folder.
        name: ``runs`` or ``trajectories``.
        folders: where it was read.

    Raises:
        UserError: a column is missing that nothing can be said without.
    """
    missing = [column for column in KNOWN[name] if column not in table]
    lacking = [column for column in missing if column in NEEDED[name]]
    if lacking:
        raise UserError(
            f"{' '.join(map(str, folders))}: the table of {name} has no column {words.listed(lacking)}; "
            "name a folder that optlab has written"
        )
    if not missing:
        return table, []
    said = f"The table of {name} has no column {words.listed(missing)}: what depends on it is left out."
    return table.assign(**dict.fromkeys(missing, np.nan)), [said]
