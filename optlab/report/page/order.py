"""The order of problems and optimizers in all tables: that of the results."""

import numpy as np
import pandas as pd

from optlab.analysis.study import Study


def as_results(table: pd.DataFrame, study: Study, names: str = "optimizer") -> pd.DataFrame:
    """The rows of a table with ``problem`` in the order of the results; rows of one optimizer as they were.

    Args:
        table: with a row or several for each problem and optimizer.
        study: whose results they are.
        names: the column that names the optimizer.
    """
    ranked = study.summary[["problem", "optimizer"]]
    places = {pair: place for place, pair in enumerate(ranked.itertuples(index=False, name=None))}
    order = [places[pair] for pair in zip(table["problem"], table[names], strict=True)]
    return table.iloc[np.argsort(order, kind="stable")]
