import numpy as np
import pandas as pd
import pytest

from optlab.analysis.study import study
from optlab.report.page.comparisons import powers, tables

PAIR = {
    "problem": "p", "first": "a", "second": "b", "seeds": 5, "scale": "ratio", "contrast": 3.0, "low": 1.5,
    "high": 6.0, "test": "multiple range", "p": 0.012, "least_p": np.nan, "verdict": "better",
}  # fmt: skip
POWER = {
    "problem": "p", "seeds": 5, "methods": 6, "scale": "ratio", "deviation": 0.5, "detectable": 4.1,
    "first": "a", "second": "b", "contrast": 1.4, "seeds_needed": 43.0,
}  # fmt: skip


def cells(**changes):
    """Text and range of the cells of one pair, by heading."""
    (table,) = tables(pd.DataFrame([PAIR | changes]))
    return {head: cell.line for head, cell in zip(table.head, table.rows[0], strict=True)}


def test_a_pair_that_is_told_apart_has_a_winner_a_ratio_and_its_interval():
    found = cells()
    assert found["comparison"] == "a – b" and found["verdict"] == "a is better"
    assert found["second to first"] == "3.000 times [1.500, 6.000]"


def test_an_exact_test_tells_the_least_p_that_it_could_have_given():
    assert cells(test="signed rank", least_p=0.0625)["test"] == "signed rank (p ≥ 0.062)"


def test_what_was_not_tested_says_so():
    found = cells(verdict="not tested", contrast=np.nan, low=np.nan, high=np.nan, test="", p=np.nan)
    assert (found["verdict"], found["p (adjusted)"], found["test"]) == ("not tested", "–", "–")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "On p: 5 seeds show a ratio of 4.10 with a probability of 80 %. To show a ratio of 1.40 "
             "between a and b takes 43."),
        ({"seeds_needed": np.inf}, "takes more than 1,000."),
        ({"scale": "difference", "contrast": 0.01}, "To show a difference of 0.0100 between a and b takes"),
    ],
)  # fmt: skip
def test_the_power_of_the_seeds_is_told(changes, text):
    (note,) = powers(pd.DataFrame([POWER | changes]))
    assert text in note


def test_every_pair_of_the_analysis_has_a_row(sweep):
    judged = study(sweep(rates=[0.1]))
    assert sum(len(table.rows) for table in tables(judged.comparisons)) == len(judged.comparisons)


def test_a_difference_without_chance_takes_no_number_of_seeds():
    (note,) = powers(pd.DataFrame([POWER | {"seeds_needed": np.nan}]))
    assert note.endswith("with a probability of 80 %.")
