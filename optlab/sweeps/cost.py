"""What training a run costs, estimated from its configuration alone."""

import json
from functools import cache
from typing import NamedTuple

import numpy as np

from optlab import optimizers
from optlab.core.arrays import CACHE_ELEMENTS
from optlab.runs.build import _facts, data_key, model
from optlab.runs.schema import Config
from optlab.training.settings import Training

STEP_SECONDS = 5e-5
"""What a step of a stack costs however few runs it has: calls of NumPy, of the optimizer, of the loop."""


class Estimate(NamedTuple):
    """What one run of a stack takes, estimated from its configuration alone: the same on every machine."""

    seconds: float
    memory: float  # bytes
    efficient: int  # runs in a stack from which on a run costs little more than in a larger one


def estimate(config: Config) -> Estimate:
    """The cost of a run; only its order of magnitude matters."""
    return _estimate(*data_key(config), *(json.dumps(config[key]) for key in ("model", "training")),
                     config["optimizer"]["name"], history_pairs(config))  # fmt: skip


def history_pairs(config: Config) -> int:
    """Pairs of vectors (P,) that a run's optimizer keeps of its last steps, as `lbfgs` does."""
    return config["optimizer"].get("history") or 0


@cache
def _estimate(
    section: str, dtype: str, model_section: str, training_section: str, optimizer: str, pairs: int
) -> Estimate:
    known, training = _facts(section, dtype), Training(**json.loads(training_section))
    options = json.loads(model_section)
    built = model({"model": options}, known)
    p, bytes_each = built.n_parameters, np.dtype(dtype).itemsize
    budget, is_recorded = training.budget(known.n_train), training.recorded(known.n_train)
    counted = min(budget, 10**6) + 1
    points = sum(map(is_recorded, range(counted))) * (budget + 1) / counted
    batch = min(training.batch_size or known.n_train, known.n_train)

    # products at some 20 Gflop/s of float64, a nanosecond for an exponential or a logarithm
    read = p * known.n_stored / (known.n_train * known.n_features)
    per_sample = (1e-10 * read + 3e-9 * built.width) * bytes_each / 8
    asks = optimizers.asks(optimizer)
    passes = 1.0 + 4 * ("value" in asks or "full" in asks) + 20 * ("hessian_vector" in asks)
    step = batch * per_sample * passes + 1e-8 * p * bytes_each / 8
    if "hessian" in asks:
        step += 1e-10 * batch * read**2 + 1e-10 * p**3 + STEP_SECONDS
    measured = points * known.n_train * per_sample if batch < known.n_train else 0.0
    least = 8 if step > STEP_SECONDS else 32
    efficient = min(256, max(least, round(8 * STEP_SECONDS / step)))

    kept = points if training.record_parameters == "all" else 1
    memory = bytes_each * p * (10 + 2 * kept + 2 * pairs) + 8 * 11 * 3 * points
    memory += bytes_each * min(batch * built.width, CACHE_ELEMENTS)
    if "hessian" in asks:
        memory += 2 * bytes_each * p**2
    if "sample_slopes" in asks:
        memory += bytes_each * built.linear_scores * known.n_train
    return Estimate(budget * (step + STEP_SECONDS / efficient) + measured, memory, efficient)
