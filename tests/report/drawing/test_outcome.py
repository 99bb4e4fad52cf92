"""The metric as figures show it."""

from dataclasses import replace

import numpy as np
import pandas as pd

from optlab.analysis.study import study
from optlab.report.drawing import outcome


def test_a_training_cost_with_a_known_minimum_is_shown_as_the_gap(known):
    shown = outcome.table(known, "sensitivity")
    own = known.sensitivity.set_index(["optimizer", "lr"])["median"]
    gaps = shown.set_index(["optimizer", "lr"])["median"]
    pd.testing.assert_series_equal(gaps.sort_index(), (own - 0.01).sort_index())
    assert outcome.label(known, known.problems[0]) == "gap J − J*"
    assert outcome.name(known) == "final gap J − J*"


def test_settings_are_those_that_the_metric_chose(known):
    assert outcome.table(known, "sensitivity")["best"].sum() == known.best["optimizer"].nunique()
    pd.testing.assert_frame_equal(known.by_gap.chosen, known.chosen)


def test_every_split_has_a_minimum_of_its_own(known):
    seeds = known.runs["seed"].astype(float)
    costs = known.runs["final_train_cost"]
    runs = known.runs.assign(optimum=0.01 * seeds, final_gap=costs - 0.01 * seeds)
    shown = outcome.table(replace(known, runs=runs), "sensitivity").set_index(["optimizer", "lr"])["median"]
    at = runs.groupby(["optimizer", "lr"])["final_gap"].median()
    finite = np.isfinite(shown)
    np.testing.assert_allclose(shown[finite], at.reindex(shown.index)[finite])


def test_without_a_minimum_the_cost_stays(sweep):
    judged = study(sweep(["sgd"], seeds=1))
    assert outcome.table(judged, "sensitivity") is judged.sensitivity
    assert outcome.name(judged) == "final training cost J"


def test_of_some_problems_the_cost_stays_and_of_others_it_is_the_gap(sweep):
    judged = study(sweep(["sgd"], seeds=3))
    digits = judged.runs["dataset"] == "digits"
    runs = judged.runs.assign(optimum=judged.runs["optimum"].where(~digits, 0.1), final_gap=0.5)
    mixed = replace(judged, runs=runs)
    shown = outcome.table(mixed, "sensitivity")
    is_digits = shown["problem"].str.startswith("digits")
    assert (shown.loc[is_digits & np.isfinite(shown["median"]), "median"] == 0.5).all()
    costs = judged.sensitivity[~judged.sensitivity["problem"].str.startswith("digits")]
    np.testing.assert_array_equal(shown.loc[~is_digits, "median"], costs["median"])
    assert outcome.name(mixed) == "final training cost J"


def test_other_metrics_stay(known):
    judged = replace(known, metric="final_test_accuracy")
    assert outcome.table(judged, "sensitivity") is judged.sensitivity
    assert outcome.label(judged, judged.problems[0]) == "test accuracy"
