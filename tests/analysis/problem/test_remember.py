"""The same table is analysed once."""

import pandas as pd

from optlab.analysis.problem.remember import KEPT, remembered


def test_a_table_is_analysed_once_for_each_metric():
    asked = []

    @remembered
    def analysis(runs, metric):
        asked.append((len(runs), metric))
        return runs

    tables = [pd.DataFrame({"a": range(n)}) for n in range(KEPT + 1)]
    for metric in ("cost", "cost", "accuracy", "cost"):
        assert analysis(tables[0], metric) is tables[0]
    assert asked == [(0, "cost"), (0, "accuracy")]
    equal = tables[0].copy()
    assert analysis(equal, "cost") is equal  # equal, yet another table
    for table in tables[1:]:
        analysis(table, "cost")
    assert len(asked) == 3 + KEPT
    analysis(tables[0], "cost")  # forgotten by now
    assert asked[-1] == (0, "cost")
