"""Profiles over many instances: how often an optimizer is how much slower than the fastest.

Tables are (instance x optimizer) of times; ∞ is a failure. Instances that nobody solves count for all.

References: Dolan and Moré, Benchmarking optimization software with performance profiles, 2002; Moré and Wild,
Benchmarking derivative-free optimization algorithms, 2009; Dahl et al., Benchmarking neural network training
algorithms, 2023.
"""

import numpy as np
import pandas as pd

from optlab.arrays import Array

R_MAX = 4.0


def ratios(times: pd.DataFrame) -> pd.DataFrame:
    """Dolan and Moré's performance ratios: time over the least time of the instance, ∞ for a failure."""
    values = times.to_numpy(float)
    best = values.min(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(values == best, 1.0, values / best)
    return pd.DataFrame(np.where(np.isfinite(values), ratio, np.inf), times.index, times.columns)


def performance_profile(times: pd.DataFrame, tau: Array) -> pd.DataFrame:
    """optimizer x tau: share of instances whose ratio is at most tau."""
    return _shares(ratios(times), tau)


def data_profile(times: pd.DataFrame, budgets: Array) -> pd.DataFrame:
    """optimizer x budget: share of instances that were solved within the budget."""
    return _shares(times, budgets)


def algoperf_score(times: pd.DataFrame, r_max: float = R_MAX) -> pd.Series:
    """Area under the performance profile between 1 and `r_max`, divided by r_max - 1: exact, no grid."""
    if times.empty:
        return pd.Series(dtype=float)
    ratio = ratios(times)
    area = np.clip(r_max - ratio.to_numpy(float), 0, r_max - 1) / (r_max - 1)
    return pd.Series(area.mean(axis=0), ratio.columns)


def _shares(values: pd.DataFrame, limits: Array) -> pd.DataFrame:
    shares = (values.to_numpy(float)[:, :, None] <= limits).mean(axis=0)
    return pd.DataFrame(shares, values.columns, limits)
