"""Scores of classifiers, against scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics

from optlab.analysis.trained.scores import roc_auc, scores

RNG = np.random.default_rng(0)
Y = (RNG.random(60) < 0.2).astype(int)
P = np.round(np.clip(0.3 * Y + RNG.random(60) * 0.7, 0, 1), 1)  # with ties


def test_those_of_two_classes_are_those_of_scikit_learn_at_every_threshold():
    table = scores(Y, np.column_stack([1 - P, P]), (0.3, 0.5, 0.8))
    for row in table.to_dict("records"):
        named = row["threshold"] <= P
        assert row["accuracy"] == pytest.approx(metrics.accuracy_score(Y, named))
        assert row["precision"] == pytest.approx(metrics.precision_score(Y, named))
        assert row["recall"] == pytest.approx(metrics.recall_score(Y, named))
        assert row["f1"] == pytest.approx(metrics.f1_score(Y, named))
        assert row["roc_auc"] == pytest.approx(metrics.roc_auc_score(Y, P))
        assert row["baseline"] == pytest.approx(max(Y.mean(), 1 - Y.mean()))


def test_those_of_several_classes_are_means_over_them():
    y, p = RNG.integers(0, 3, 50), RNG.dirichlet(np.ones(3), 50)
    row, named = scores(y, p).iloc[0], p.argmax(1)
    assert np.isnan(row["threshold"])
    assert row["roc_auc"] == pytest.approx(metrics.roc_auc_score(y, p, multi_class="ovr"))
    for name in ("precision", "recall", "f1"):
        expected = getattr(metrics, f"{name}_score")(y, named, average="macro")
        assert row[name] == pytest.approx(expected)


def test_without_both_classes_or_a_positive_answer_there_is_no_score():
    assert np.isnan(roc_auc(np.zeros(3, bool), np.arange(3.0)))
    assert np.isnan(roc_auc(np.array([True, False]), np.array([np.nan, 0.5])))
    row = scores(np.array([0, 0, 1]), np.array([[0.9, 0.1]] * 3)).iloc[0]
    assert np.isnan(row["precision"]) and row["recall"] == 0 and row["f1"] == 0
    assert row["accuracy"] == row["baseline"] == pytest.approx(2 / 3)
