"""Tables of a result folder, all but the time it took, in an order of their own; what tests need."""

import importlib.util

import pandas as pd
import pytest

from optlab.store.read import load


def tables(folder):
    results = load(folder)
    runs = results.runs.drop(columns="seconds").sort_values("run_id", ignore_index=True)
    points = results.trajectories.drop(columns="seconds").sort_values(["run_id", "step"], ignore_index=True)
    return runs, points


def assert_same(one, other):
    """Two results of `tables` are the same to the bit."""
    for left, right in zip(one, other, strict=True):
        pd.testing.assert_frame_equal(left, right, check_exact=True)


def needs(package):
    missing = importlib.util.find_spec(package) is None
    return pytest.mark.skipif(missing, reason=f"{package} is not installed")
