"""Tables and findings of problems side by side, from rows written by hand."""

import numpy as np
import pytest

from optlab.report.page import problems


@pytest.fixture
def table(networks):
    return networks


def without_validation(table):
    return table.assign(rank=np.nan, verdict="", final_validation_cost=np.nan)


def test_the_finding_names_the_choice_its_test_cost_and_a_smaller_network(table):
    (found,) = problems.findings(table)
    assert found.problem == "digits" and found.verdict.endswith("chooses mlp 8-8 · activation=relu")
    assert "0.07692" in found.text and "Its median test cost is 0.1154" in found.text
    assert "5 of the 5 others are not shown to be worse: 3 seeds" in found.text
    assert "also has the lowest median test cost" in found.text and "smallest" not in found.text
    near = table.assign(verdict=["", *["equivalent"] * 5])
    assert "is mlp 4 · activation=relu, with 30 instead of 130 param" in problems.findings(near)[0].text


def test_the_finding_says_what_the_choice_has_cost(table):
    table.loc[3, "final_test_cost"] = 0.01
    assert "which no choice may look at" in problems.findings(table)[0].text
    told = problems.findings(table.assign(verdict=["", *["worse"] * 5]))[0].text
    assert "All others are shown to be worse" in told


def test_without_validation_data_nothing_is_chosen_and_a_note_names_the_remedy(table):
    without = without_validation(table)
    assert problems.findings(without) == []
    assert "dataset.validation_fraction" in problems.notes(without)[0]
    (shown,) = problems.tables(without)
    assert shown.head[:2] == ["problem", "parameters"] and "validation cost" not in shown.head


def test_a_gap_that_is_not_known_is_told_with_the_remedy(table):
    assert problems.notes(table) == ()
    table.loc[2, ["train_loss", "gap"]] = np.nan
    assert "The gap of 1 problem is not known" in problems.notes(table)[0]
    assert "training.record_parameters=final" in problems.notes(table)[0]


def test_the_table_has_the_training_cost_only_where_it_is_not_the_loss(table):
    (shown,) = problems.tables(table)
    assert shown.head[:6] == [
        "rank",
        "problem",
        "parameters",
        "best optimizer",
        "setting",
        "against the first",
    ]
    assert "training cost J" not in shown.head and len(shown.rows) == 6
    assert {len(row) for row in shown.rows} == {len(shown.head)}
    assert "training cost J" in problems.tables(table.assign(final_train_cost=1.0))[0].head
