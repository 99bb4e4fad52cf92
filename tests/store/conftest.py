"""A hand-made history of three runs: one complete, one stopped early, one diverged."""

import numpy as np
import pytest

from optlab.store import write
from optlab.store.write import Label
from optlab.training.history import History
from optlab.training.metrics import RECORDED


@pytest.fixture
def history():
    columns = {name: np.arange(12.0).reshape(4, 3) + i for i, name in enumerate(RECORDED)}
    columns["test_cost"] = np.full((4, 3), np.nan)
    columns["validation_cost"][:, 0] = [3, 1, 2, 4]
    return History(
        step=np.array([0, 1, 2, 4]),
        epoch=np.array([0.0, 0.5, 1.0, 2.0]),
        seconds=np.array([0.0, 0.1, 0.2, 0.4]),
        columns=columns,
        n_points=np.array([4, 3, 2]),
        status=["completed", "early_stopped", "diverged"],
        final_point=np.array([3, 1, 1]),
        parameters=np.arange(6.0).reshape(3, 2),
        lr=np.array([np.nan, 0.2, 0.3]),
    )


@pytest.fixture
def labels():
    return [
        Label(
            f"run{r}",
            {
                "dataset": {"name": "moons"},
                "model": {"name": "logistic"},
                "optimizer": {"name": "adam", "lr": 0.1 * (r + 1)} if r else {"name": "mine"},
                "training": {"batch_size": 32 if r else None},
                "seed": r,
            },
            ("optimizer.lr=0.1", "dataset.path=a b"),
        )
        for r in range(3)
    ]


@pytest.fixture
def folder(tmp_path, labels, history):
    write.prepare(tmp_path)
    write.stack(tmp_path, "stack", labels, history)
    return tmp_path
