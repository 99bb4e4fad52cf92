"""Results in a notebook: tidy tables, a short one as HTML, and the run to take home."""

from dataclasses import replace

import pandas as pd
import pytest

from optlab.core.errors import UserError
from optlab.report.plot import drawable


def test_tidy_is_trajectories_with_the_options_that_differ(trained, tmp_path):
    data, runs = {"name": "moons", "n_samples": 40}, []
    for l2 in (0.0, 0.1):
        folder = tmp_path / str(l2)
        runs.append(trained(folder, data, {"name": "logistic", "l2": l2}, ["momentum"], lrs=[0.1, 1.0]))
    both = replace(
        runs[0],
        runs=pd.concat([part.runs for part in runs], ignore_index=True),
        trajectories=pd.concat([part.trajectories for part in runs], ignore_index=True),
    )
    table = both.tidy()
    assert len(table) == len(both.trajectories) and table["model.l2"].unique().tolist() == [0.0, 0.1]
    assert table.groupby(["lr", "seed"])["run_id"].nunique().eq(2).all()
    assert "optimizer.momentum" not in table and "optimizer.lr" not in table


def test_a_notebook_shows_the_table_of_the_report(circles):
    shown = circles._repr_html_()
    assert "<b>4 runs</b> (4 completed)" in shown and "<td>adam</td>" in shown and "circles · mlp 3" in shown
    runs = circles.runs.assign(final_train_cost=float("nan"), optimizer="<script>")
    assert "<script>" not in replace(circles, runs=runs)._repr_html_()


def test_the_run_to_take_home_has_the_lowest_validation_cost_at_its_setting(circles):
    best, judged = circles.best(), circles._study
    first = judged.validated[judged.validated["first"].astype(bool)].iloc[0]
    assert (best["optimizer"], best["setting"]) == (first["optimizer"], first["setting"])
    own = judged.runs[(judged.runs["optimizer"] == best["optimizer"]) & judged.runs["evaluates"]]
    assert best["final_validation_cost"] == own["final_validation_cost"].min()
    assert circles.model().run_id == best["run_id"]


def test_of_several_problems_one_must_be_named(sweep):
    results = drawable(sweep(optimizers=["adam"], rates=[0.1], seeds=1))
    with pytest.raises(UserError, match="several problems; name one of breast_cancer"):
        results.best()
    assert results.best("digits")["dataset"] == "digits"
    with pytest.raises(UserError, match="problem=mnist: 0 have that name"):
        results.best("mnist")


def test_summary_and_report_are_those_of_the_command(circles, tmp_path):
    assert circles.summary().equals(circles._study.summary)
    assert circles.report(tmp_path).read_text("utf-8").startswith("<!doctype html>")
