import importlib.util
import os
import time

import joblib
import numpy as np
import pytest

from optlab.sweeps.backends import backend_class
from optlab.sweeps.backends.by_joblib import ONE_TASK_AT_A_TIME

HELD = []


def grown():
    """Take 400 MB for good, after a while that is long enough to be noticed; returns who has done so."""
    HELD.append(np.ones(50_000_000))
    time.sleep(1.1)
    return os.getpid()


@pytest.mark.skipif(importlib.util.find_spec("psutil") is None, reason="psutil is not installed")
def test_workers_that_have_grown_go_on(tmp_path):
    with backend_class("loky")().pool(2, tmp_path) as run:
        run(())
        parallel = joblib.Parallel(**ONE_TASK_AT_A_TIME)
        first, second = (set(parallel(joblib.delayed(grown)() for _ in range(2))) for _ in range(2))
    assert first == second
