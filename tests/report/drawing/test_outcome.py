"""The metric as figures show it."""

from dataclasses import replace

import numpy as np
import pandas as pd

from optlab.analysis.study import study
from optlab.report.drawing import outcome


def test_a_training_cost_with_a_known_minimum_is_shown_as_the_gap(known):
    table = pd.DataFrame({"problem": known.problems[0], "median": [0.51, np.inf], "low": 0.11, "high": 1.01})
    shown = outcome.as_gaps(known, table)
    np.testing.assert_allclose(shown["median"], [0.5, np.inf])
    np.testing.assert_allclose(shown["high"], 1.0)
    assert outcome.label(known, known.problems[0]) == "gap J − J*"
    assert outcome.name(known) == "final gap J − J*"


def test_a_gap_is_at_least_the_rounding(known):
    table = pd.DataFrame({"problem": known.problems, "median": [0.01]})
    assert 0 < outcome.as_gaps(known, table)["median"].iloc[0] < 1e-12


def test_without_a_minimum_the_cost_stays(sweep):
    judged = study(sweep(["sgd"], seeds=1))
    table = pd.DataFrame({"problem": judged.problems, "median": 0.5})
    assert (outcome.as_gaps(judged, table)["median"] == 0.5).all()
    assert outcome.name(judged) == "final training cost J"


def test_other_metrics_stay(known):
    judged = replace(known, metric="final_test_accuracy")
    table = pd.DataFrame({"problem": judged.problems, "median": 0.5})
    assert (outcome.as_gaps(judged, table)["median"] == 0.5).all()
    assert outcome.label(judged, judged.problems[0]) == "test accuracy"
