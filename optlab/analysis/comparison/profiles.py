"""Profiles over many instances: how often an optimizer is how much slower than the fastest.

Tables are (instance x optimizer) of times; ∞ is a failure. Instances that nobody solves count for all.

References: Dolan and Moré, Benchmarking optimization software with performance profiles, 2002; Moré and Wild,
Benchmarking derivative-free optimization algorithms, 2009; Dahl et al., Benchmarking neural network training
algorithms, 2023.
"""

import numpy as np
import pandas as pd

from optlab.analysis.statistics import percentiles
from optlab.core.arrays import Array

R_MAX = 4.0


def ratios(times: pd.DataFrame) -> pd.DataFrame:
    """Dolan and Moré's performance ratios: time over the least time of the instance, ∞ for a failure."""
    return pd.DataFrame(_ratios(times.to_numpy(float)), times.index, times.columns)


def performance_profile(times: pd.DataFrame, tau: Array) -> pd.DataFrame:
    """optimizer x tau: share of instances whose ratio is at most tau."""
    return pd.DataFrame(_shares(_ratios(times.to_numpy(float)), tau), times.columns, tau)


def data_profile(times: pd.DataFrame, budgets: Array) -> pd.DataFrame:
    """optimizer x budget: share of instances that were solved within the budget."""
    return pd.DataFrame(_shares(times.to_numpy(float), budgets), times.columns, budgets)


def algoperf_score(times: pd.DataFrame, r_max: float = R_MAX) -> pd.Series:
    """Area under the performance profile between 1 and `r_max`, divided by r_max - 1: exact, no grid."""
    return pd.Series(_area(_ratios(times.to_numpy(float)), r_max), times.columns)


def scores(times: pd.DataFrame, resampled: Array) -> pd.DataFrame:
    """``score low high`` by optimizer: `algoperf_score` and its `score_band`; empty without a comparison.

    Without an instance, or with one optimizer, which would be the fastest everywhere, there is no score.
    """
    if times.empty or times.shape[1] < 2:
        return pd.DataFrame(columns=["score", "low", "high"], dtype=float)
    low, high = score_band(resampled)
    return pd.DataFrame({"score": algoperf_score(times), "low": low, "high": high})


def performance_band(resampled: Array, tau: Array) -> Array:
    """(2, K, tau) bootstrap interval of `performance_profile`, from `targets.resampled_times`."""
    return percentiles(_shares(_ratios(resampled), tau))


def data_band(resampled: Array, budgets: Array) -> Array:
    """(2, K, budgets) bootstrap interval of `data_profile`."""
    return percentiles(_shares(resampled, budgets))


def score_band(resampled: Array, r_max: float = R_MAX) -> Array:
    """(2, K) bootstrap interval of `algoperf_score`."""
    return percentiles(_area(_ratios(resampled), r_max))


def _ratios(values: Array) -> Array:
    """(..., instances, K) of times (..., instances, K)."""
    best = values.min(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(values == best, 1.0, values / best)
    return np.where(np.isfinite(values), ratio, np.inf)


def _area(ratio: Array, r_max: float) -> Array:
    """(..., K) area under the profile, as a share of the largest."""
    return (np.clip(r_max - ratio, 0, r_max - 1) / (r_max - 1)).mean(axis=-2)


def _shares(values: Array, limits: Array) -> Array:
    """(..., K, limits) share of the instances of values (..., instances, K) that are within each limit."""
    return np.stack([(values <= limit).mean(axis=-2) for limit in limits], axis=-1)
