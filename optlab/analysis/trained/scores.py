"""How well classes are told apart, beside accuracy: what matters where one class is rare.

Of two classes the second is the positive one. A sample is taken for positive from a threshold of its
probability on; precision, recall and F1 depend on it, the area under the ROC curve does not: it is the chance
that a positive sample has a higher probability than a negative one (ties count half).

Reference: Fawcett, An introduction to ROC analysis, Pattern Recognition Letters 27, 2006.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from optlab.core.arrays import Array

THRESHOLDS = (0.5,)


def scores(y: Array, probabilities: Array, thresholds: Sequence[float] = THRESHOLDS) -> pd.DataFrame:
    """One row per threshold; of more than two classes one row, of means over the classes that occur.

    Args:
        y: (n,) labels 0 ... C-1.
        probabilities: (n, C).
        thresholds: of the probability of the second class.

    Returns:
        ``threshold accuracy baseline roc_auc precision recall f1``. `baseline` is the accuracy of always
        naming the most frequent class of `y`. Precision without a positive answer, and the area without both
        classes, are NaN; F1 is 0 then where there are positive samples. Several classes have no threshold
        (NaN): the most probable one counts, and the area is of each class against the rest.
    """
    n_classes = probabilities.shape[1]
    baseline = float(np.bincount(y).max() / len(y)) if len(y) else np.nan
    if n_classes == 2:
        area = roc_auc(y == 1, probabilities[:, 1])
        rows = [(t, *_binary(y, probabilities[:, 1] >= t, baseline, area)) for t in thresholds]
    else:
        predicted = probabilities.argmax(1)
        present = np.unique(y)
        each = [_counts(y == k, predicted == k) for k in present]
        area = float(np.mean([roc_auc(y == k, probabilities[:, k]) for k in present])) if len(y) else np.nan
        means = np.nan_to_num(np.array(each)).mean(axis=0) if len(y) else np.full(3, np.nan)
        rows = [(np.nan, float((predicted == y).mean()), baseline, area, *means)]
    names = ["threshold", "accuracy", "baseline", "roc_auc", "precision", "recall", "f1"]
    return pd.DataFrame(rows, columns=names)


def roc_auc(positive: Array, value: Array) -> float:
    """The chance that a positive sample (n,) has a higher value than a negative one; NaN without both."""
    from scipy.stats import rankdata

    n = np.count_nonzero(positive)
    if n == 0 or n == len(positive) or np.isnan(value).any():
        return np.nan
    above = rankdata(value)[positive].sum() - n * (n + 1) / 2
    return float(above / (n * (len(positive) - n)))


def _binary(y: Array, predicted: Array, baseline: float, area: float) -> tuple[float, ...]:
    return float((predicted == (y == 1)).mean()), baseline, area, *_counts(y == 1, predicted)


def _counts(positive: Array, predicted: Array) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    hits, named, there = (np.count_nonzero(part) for part in (positive & predicted, predicted, positive))
    precision, recall = (hits / number if number else np.nan for number in (named, there))
    return precision, recall, 2 * hits / (named + there) if named + there else np.nan
