"""The leaderboard shows what the page ranks, in its order."""

import io
from dataclasses import replace

import pandas as pd
import pytest
from rich.console import Console

from optlab.analysis.study import study
from optlab.cli.leaderboard import show


def lines(judged):
    out = io.StringIO()
    show(judged, Console(file=out, width=200))
    return [line.split() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("metric", ["final_train_cost", "final_test_accuracy"])
def test_optimizers_stand_in_the_order_of_the_page(circles, metric):
    judged = study(circles, metric=metric)
    title, _, *rows = lines(judged)
    assert " ".join(title) == judged.summary["problem"].iloc[0]
    ranks = ["–" if pd.isna(rank) else f"{rank:g}" for rank in judged.summary["rank"]]
    rows = rows[: len(judged.summary)]
    assert [row[:2] for row in rows] == list(map(list, zip(ranks, judged.summary["optimizer"], strict=True)))


def test_every_problem_has_a_table(circles, digits):
    both = replace(
        circles,
        runs=pd.concat([circles.runs, digits.runs], ignore_index=True),
        trajectories=pd.concat([circles.trajectories, digits.trajectories], ignore_index=True),
    )
    judged = study(both)
    titles = [" ".join(line) for line in lines(judged)]
    assert [title for title in titles if "·" in title] == judged.summary["problem"].unique().tolist()


def test_what_was_not_measured_has_no_column(circles):
    runs = circles.runs.assign(final_validation_cost=float("nan"))
    judged = study(replace(circles, runs=runs))
    assert "validation" in lines(study(circles))[1] and "validation" not in lines(judged)[1]


def test_a_gap_at_the_rounding_of_J_is_a_bound_and_nothing_is_cut_off_in_80_columns(circles):
    judged = study(circles)
    table = judged.summary.assign(
        optimizer=["newton", "levenberg"], final_gap=[5e-13, 2e-10], least_gap=5e-13, lr=0.04642
    )
    judged = replace(judged, metric="final_gap")
    vars(judged)["summary"] = table
    out = io.StringIO()
    show(judged, Console(file=out, width=80))
    text = out.getvalue()
    assert "≤ 5.0×10⁻¹³" in text and "2e-10" in text and "levenberg" in text and "…" not in text


def test_runs_that_got_worse_have_a_column_where_there_are_any(circles):
    assert "worse" not in lines(study(circles))[1]
    runs = circles.runs.assign(status="worse")
    assert lines(study(replace(circles, runs=runs)))[1][-1] == "worse"


def test_the_setting_with_the_lowest_validation_cost_is_named_where_it_is_not_the_leaders(circles):
    judged = study(circles)
    name, lr = judged.best[["optimizer", "lr"]].iloc[-1]
    assert judged.summary["optimizer"].iloc[0] != name
    chosen = (circles.runs["optimizer"] == name) & (circles.runs["lr"] == lr)
    costs = circles.runs["final_validation_cost"].mask(chosen, 1e-3)
    out = lines(study(replace(circles, runs=circles.runs.assign(final_validation_cost=costs))))
    assert " ".join(out[-1]).startswith(f"chosen by validation cost: {name}, lr=")


def test_in_a_narrow_terminal_headings_break_between_words_and_nothing_is_cut(circles):
    judged, out = study(circles), io.StringIO()
    show(judged, Console(file=out, width=62))
    heads = [word for line in out.getvalue().splitlines()[1:3] for word in line.split()]
    assert {"validation", "accuracy", "seeds", "diverged"} <= set(heads)
    assert out.getvalue().count("0%") == len(judged.summary)
