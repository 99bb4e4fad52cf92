"""Tables, findings and pictures of problems side by side, from rows written by hand."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from optlab.analysis.comparison.problem_comparison import COLUMNS, VALUES
from optlab.report.figures import capacity, gaps
from optlab.report.page import problems
from optlab.report.plot import drawable
from optlab.store.results import Results


@pytest.fixture
def table():
    """Six networks on one data set: two activations, three sizes, two depths."""
    sizes = {(4,): 30, (8,): 60, (8, 8): 130}
    rows = []
    for hidden, parameters in sizes.items():
        for activation in ("relu", "tanh"):
            layers = "-".join(map(str, hidden))
            cost = 10 / parameters + 0.01 * (activation == "tanh")
            row = dict.fromkeys(COLUMNS, 0.9) | {
                "data": "digits", "problem": f"digits · mlp {layers} · activation={activation}",
                "optimizer": "adam", "setting": "lr=0.1", "seeds": 3, "verdict": "not distinguishable",
                "hidden": hidden, "others": f"activation={activation}", "parameters": float(parameters),
            }  # fmt: skip
            costs = {"final_train_cost": 0.5, "train_loss": 0.5, "gap": 1.0,
                     "final_validation_cost": 1.0, "final_test_cost": 1.5}  # fmt: skip
            for name, factor in costs.items():
                value = factor * cost
                row |= {name: value, f"{name}_low": 0.9 * value, f"{name}_high": 1.5 * value}
            rows.append(row)
    found = pd.DataFrame(rows).sort_values("final_validation_cost", ignore_index=True)
    verdicts = ["", *found["verdict"][1:]]
    return found.assign(rank=np.arange(1.0, len(found) + 1), verdict=verdicts)[COLUMNS]


def without_validation(table):
    return table.assign(rank=np.nan, verdict="", final_validation_cost=np.nan)


def test_the_finding_names_the_choice_its_test_cost_and_a_smaller_network(table):
    (found,) = problems.findings(table)
    assert found.problem == "digits" and found.verdict.endswith("chooses mlp 8-8 · activation=relu")
    assert "0.07692" in found.text and "Its test cost is 0.1154" in found.text
    assert "5 of the 5 others are not distinguishable from it: 3 seeds" in found.text
    assert "least test cost, too" in found.text and "smallest" not in found.text
    near = table.assign(final_validation_cost_high=1.0)
    assert "is mlp 4 · activation=relu, with 30 instead of 130 param" in problems.findings(near)[0].text


def test_the_finding_says_what_the_choice_has_cost(table):
    table.loc[3, "final_test_cost"] = 0.01
    assert "which no choice may look at" in problems.findings(table)[0].text
    told = problems.findings(table.assign(verdict=["", *["worse"] * 5]))[0].text
    assert "All others are told apart" in told
    told = problems.findings(table.assign(verdict=["", *["not tested"] * 5]))[0].text
    assert "were not tested" in told


def test_without_validation_data_nothing_is_chosen_and_a_note_names_the_remedy(table):
    without = without_validation(table)
    assert problems.findings(without) == []
    assert "dataset.validation_fraction" in problems.notes(without)[0]
    (shown,) = problems.tables(without)
    assert shown.head[:2] == ["problem", "parameters"] and "validation cost" not in shown.head


def test_a_gap_that_is_not_known_is_told_with_the_remedy(table):
    assert problems.notes(table) == []
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


def test_a_dumbbell_reaches_from_the_training_loss_to_the_test_cost(table):
    axes = gaps.draw(table).axes[0]
    lines = [line for line in axes.lines if line.get_linestyle() != "None"]
    assert [list(line.get_xdata()) for line in lines] == [
        [row.train_loss, row.final_test_cost] for row in table.itertuples()
    ]
    assert axes.get_yticklabels()[0].get_text() == "mlp 8-8 · activation=relu"


def test_a_training_cost_with_its_penalty_is_a_hollow_circle(table):
    assert "with its penalty" not in str(gaps.draw(table).legends[0].texts)
    table.loc[0, ["train_loss", "gap"]] = np.nan
    figure = gaps.draw(table)
    assert "training cost J, with its penalty" in [text.get_text() for text in figure.legends[0].texts]
    assert figure.axes[0].lines[1].get_markerfacecolor() == "none"


def test_a_line_joins_the_networks_of_one_variant_and_depth(table):
    figure = capacity.draw(table)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["training loss", "validation cost"]
    joined = [line for line in figure.axes[1].lines if len(line.get_xdata()) == 2]
    assert len(joined) == 2 and len({to_hex(line.get_color()) for line in joined}) == 2
    np.testing.assert_allclose(joined[0].get_ydata(), [1 / 3, 1 / 6])
    names = [text.get_text() for legend in figure.legends for text in legend.texts]
    assert names == ["activation=relu", "activation=tanh", "1 hidden layer", "2 hidden layers"]


def test_the_ring_is_at_the_least_validation_cost(table):
    rings = [line for line in capacity.draw(table).axes[1].lines if line.get_markersize() > 10]
    assert [y for line in rings for y in line.get_ydata()] == [pytest.approx(10 / 130)]


def test_test_costs_serve_where_there_is_no_validation_part(table):
    figure = capacity.draw(without_validation(table))
    assert figure.axes[1].get_title(loc="left") == "test cost"


def test_networks_of_two_sizes_make_no_curve(table):
    assert capacity.of_several_sizes(table[table["parameters"] < 100]).empty
    assert not capacity.draw(table[table["parameters"] < 100]).axes


def test_diverged_networks_are_left_out_of_the_pictures(table):
    table.loc[5, [f"{name}{end}" for name in VALUES for end in ("", "_low", "_high")]] = np.inf
    table.loc[4, "final_validation_cost_high"] = np.inf
    assert len(gaps.draw(table).axes[0].get_yticklabels()) == 5
    assert np.isfinite(capacity.draw(table).axes[1].get_ylim()).all()


def test_without_three_problems_on_the_same_data_there_is_no_picture_and_a_notebook_is_told(sweep):
    found = sweep(optimizers=["adam"], seeds=2, rates=[0.1])  # two problems, each on data of its own
    assert problems.illustrations(found, found.runs) == []
    plot = drawable(Results(found.runs, found.trajectories, None, found.folders)).plot
    for draw in (plot.gaps, plot.capacity):
        assert "No" in draw().texts[0].get_text()
