from dataclasses import replace

import numpy as np
import pandas as pd

from optlab.analysis.study import study
from optlab.report.page import targets

COSTS = pd.DataFrame(
    {
        "problem": "p", "optimizer": ["sgd", "sgd", "adam", "adam"], "target": ["easy", "hard"] * 2,
        "runs": 4, "hits": [4, 0, 4, 2], "ert": [10.0, np.inf, 2500.0, 9000.0], "low": np.nan, "high": np.nan,
    }
)  # fmt: skip


def test_each_target_is_a_column_with_cost_and_hits():
    (table,) = targets.tables(COSTS, pd.DataFrame(columns=["score", "low", "high"]), "gradient_equivalents")
    assert table.title == "p, in gradient-equivalents"
    assert table.head == ["optimizer", "easy", "hard"]
    lines = [[cell.line for cell in row] for row in table.rows]
    assert lines == [["sgd", "10 (4 of 4)", "∞ (0 of 4)"], ["adam", "2,500 (4 of 4)", "9,000 (2 of 4)"]]


def test_the_highest_score_comes_first():
    scores = pd.DataFrame({"score": [0.2, 0.9], "low": [0.1, 0.8], "high": [0.3, 1.0]}, ["sgd", "adam"])
    table = targets.tables(COSTS, scores, "step")[-1]
    assert [row[0].text for row in table.rows] == ["adam", "sgd"]


def test_only_problems_that_all_optimizers_ran_count_and_the_text_names_the_others(sweep):
    results = sweep(["sgd", "adam"], seeds=2, problems=("breast_cancer", "digits"))
    runs = results.runs
    dropped = (runs["optimizer"] == "adam") & (runs["dataset"] == runs["dataset"].iloc[-1])
    partial = study(replace(results, runs=runs[~dropped]))
    (left_out,) = {*partial.problems} - {*partial.scored_problems}
    text = targets.section(partial).text
    assert "It counts 1 problem, not those " in text
    assert text.split("not those without")[1].split(": ")[1].startswith(left_out)
    assert {*partial.instances.index.get_level_values("problem")} == {*partial.scored_problems}


def test_one_optimizer_has_no_score(sweep):
    alone = study(sweep(["sgd"], seeds=2, problems=("breast_cancer",)))
    section = targets.section(alone)
    assert alone.scores.empty
    assert "With one optimizer there is none." in section.text
    assert "AlgoPerf score" not in [head for table in section.tables for head in table.head]


def test_costs_are_all_work_where_it_is_known_and_gradients_where_it_is_not(sweep, with_points):
    found = study(sweep(["sgd", "newton"], seeds=2, problems=("breast_cancer",)))
    work = found.points["gradient_equivalents"].notna().all()
    assert found.cost_axis == ("gradient_equivalents" if work else "gradient_evals")
    vars(found)["points"] = found.points.assign(gradient_equivalents=np.nan)
    unknown = targets.section(found)
    assert unknown.title == "Cost to target, in gradient evaluations"
    assert "is not known" in unknown.text
    vars(found)["points"] = found.points.assign(gradient_equivalents=found.points["step"] * 2.0)
    for name in ("cost_axes", "cost_axis", "expected_costs", "scores", "instances", "scored_problems"):
        vars(found).pop(name, None)
    found._times.clear()
    older = targets.section(found)
    assert older.title == "Cost to target, in gradient-equivalents"
    assert targets.OLDER in older.notes
    vars(found)["points"] = found.points.assign(work=1.0)
    assert targets.OLDER not in targets.section(found).notes


def test_runs_recorded_too_differently_are_refused_in_words(sweep):
    found = study(sweep(["sgd", "adam"], seeds=2, problems=("breast_cancer",)))
    vars(found)["not_comparable"] = list(found.problems)
    (note, *_) = targets.section(found).notes
    assert note.startswith(f"On {found.problems[0]} the runs were recorded too differently")
