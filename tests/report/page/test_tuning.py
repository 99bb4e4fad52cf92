import numpy as np
import pandas as pd
import pytest

from optlab.report.page import tuning


def shown(**changes):
    row = {
        "problem": "p", "optimizer": "sgd", "setting": "lr=0.1", "settings": 3, "tuning_seeds": 2,
        "evaluation_seeds": 2, "tuning": 0.5, "evaluation": 0.75, "shrinkage": 0.5, "diverged": 0.25,
        "decades": 2.0,
    }  # fmt: skip
    (table,) = tuning.tables(pd.DataFrame([row | changes]), {"p": "gap"}, {"p": 1e-13})
    return dict(zip(table.head, [cell.text for cell in table.rows[0]], strict=True))


def test_shrinkage_is_a_share_with_its_sign():
    assert shown()["shrinkage"] == "+50 %"
    assert shown(shrinkage=-0.05)["shrinkage"] == "−5 %"
    assert shown(shrinkage=1e-9)["shrinkage"] == "0 %"


def test_a_gap_at_the_rounding_of_J_is_a_bound():
    gaps = shown(tuning=9e-14, evaluation=2e-13)
    assert gaps["gap, tuning seeds"] == "≤ 9.0×10⁻¹⁴ (rounding)"
    assert gaps["gap, evaluation seeds"] == "2.00×10⁻¹³"
    assert gaps["shrinkage"] == "–"  # from what?


def test_where_the_minimum_is_known_gaps_are_shown(known):
    table, _ = tuning.section(known).tables
    assert table.head[3:5] == ["gap J − J*, tuning seeds", "gap J − J*, evaluation seeds"]
    at_best = known.by_gap.settings.set_index(["optimizer", "setting"])["median"]
    for row in table.rows:
        assert row[3].order == pytest.approx(at_best[row[0].text, row[1].text])  # three seeds: all do both


def test_what_is_not_known_is_a_dash():
    unknown = shown(shrinkage=np.nan, decades=np.nan)
    assert (unknown["shrinkage"], unknown["good rates, decades"]) == ("–", "–")


def test_the_rules_stand_side_by_side_the_best_tuned_first():
    index = pd.MultiIndex.from_tuples(
        [("sgd", "tuned"), ("sgd", "default"), ("adam", "tuned"), ("adam", "shared")],
        names=["optimizer", "rule"],
    )
    means = pd.DataFrame({"place": [2.0, 2.5, 1.0, 1.5], "factor": [1.0, 12.0, 1.0, 3.0]}, index)
    (table,) = tuning.without_tuning(means)
    rows = [[cell.text for cell in row] for row in table.rows]
    assert rows == [["adam", "–", "–", "1.5", "3.00", "1.0"], ["sgd", "2.5", "12.0", "–", "–", "2.0"]]
    assert tuning.without_tuning(means[means.index.get_level_values("rule") == "tuned"]) == []
