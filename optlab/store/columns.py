"""The columns of the tables of a result folder."""

import re

import pyarrow as pa

from optlab.training.metrics import METRICS, OPTIONAL, OUTCOMES, RECORDED

TEXT, WHOLE, REAL = pa.string(), pa.int64(), pa.float64()

RUNS = pa.schema(
    [
        ("run_id", TEXT),
        ("dataset", TEXT),
        ("model", TEXT),
        ("optimizer", TEXT),
        ("lr", REAL),
        ("seed", WHOLE),
        ("batch_size", WHOLE),
        ("status", TEXT),
        ("steps", WHOLE),
        ("epochs", REAL),
        *((name, REAL) for name in OUTCOMES if name not in OPTIONAL),
        ("seconds", REAL),
        ("stack_id", TEXT),
        ("stack_size", WHOLE),
        ("overrides", TEXT),
        ("config", TEXT),
    ]
)

# and, where they were recorded, optional metrics and those of every hidden layer
TRAJECTORIES = pa.schema(
    [
        ("run_id", TEXT),
        ("step", WHOLE),
        ("epoch", REAL),
        ("seconds", REAL),
        *((name, REAL) for name in RECORDED),
    ]
)

SPREAD = "seconds_spread"
"""A column of runs that were timed several times."""

LAYERED = re.compile(f"({'|'.join(metric.name for metric in METRICS if metric.per_layer)})_[0-9]+")
"""Columns of trajectories, where hidden layers were watched."""
