import numpy as np
import pandas as pd

from optlab.report.page import tuning


def shown(**changes):
    row = {
        "problem": "p", "optimizer": "sgd", "setting": "lr=0.1", "settings": 3, "tuning_seeds": 2,
        "evaluation_seeds": 2, "tuning": 0.5, "evaluation": 0.75, "shrinkage": 0.5, "diverged": 0.25,
        "decades": 2.0,
    }  # fmt: skip
    (table,) = tuning.tables(pd.DataFrame([row | changes]), {"p": 1e-13})
    return dict(zip(table.head, [cell.text for cell in table.rows[0]], strict=True))


def test_shrinkage_is_a_share_with_its_sign():
    assert shown()["shrinkage"] == "+50 %"
    assert shown(shrinkage=-0.05)["shrinkage"] == "−5 %"
    assert shown(shrinkage=1e-9)["shrinkage"] == "0 %"


def test_a_gap_at_the_rounding_of_J_is_a_bound():
    gaps = shown(tuning=9e-14, evaluation=2e-13)
    assert gaps["median, tuning seeds"] == "≤ 9.0×10⁻¹⁴ (rounding)"
    assert gaps["median, evaluation seeds"] == "2.00×10⁻¹³"


def test_what_is_not_known_is_a_dash():
    unknown = shown(shrinkage=np.nan, decades=np.nan)
    assert (unknown["shrinkage"], unknown["good rates, decades"]) == ("–", "–")
