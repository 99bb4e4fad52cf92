import numpy as np
import pandas as pd

from optlab.report.page import targets

COSTS = pd.DataFrame(
    {
        "problem": "p", "optimizer": ["sgd", "sgd", "adam", "adam"], "target": ["easy", "hard"] * 2,
        "runs": 4, "hits": [4, 0, 4, 2], "ert": [10.0, np.inf, 2500.0, 9000.0], "low": np.nan, "high": np.nan,
    }
)  # fmt: skip


def test_each_target_is_a_column_with_cost_and_hits():
    (table,) = targets.tables(COSTS, pd.DataFrame(columns=["score", "low", "high"]))
    assert table.head == ["optimizer", "easy", "hard"]
    lines = [[cell.line for cell in row] for row in table.rows]
    assert lines == [["sgd", "10 4 of 4", "∞ 0 of 4"], ["adam", "2,500 4 of 4", "9,000 2 of 4"]]


def test_the_highest_score_comes_first():
    scores = pd.DataFrame({"score": [0.2, 0.9], "low": [0.1, 0.8], "high": [0.3, 1.0]}, ["sgd", "adam"])
    table = targets.tables(COSTS, scores)[-1]
    assert [row[0].text for row in table.rows] == ["adam", "sgd"]
