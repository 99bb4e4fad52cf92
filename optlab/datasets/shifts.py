"""Samples of a cost that is a formula: shifts of its minimum."""

from typing import Annotated

import numpy as np

from optlab.core.memory import require
from optlab.core.options import Count, Index, Interval, NonNegative
from optlab.datasets.dataset import NAME_BYTES, Part, RawData, dataset

Seed = Annotated[int, Interval(0, 2**32 - 2, "[]")]  # and the next, which draws the test shifts


@dataset(origin="generated", rows="n_samples", features="dimension", classes=1)
def shifts(
    *,
    n_samples: Count = 1,
    dimension: Count = 2,
    noise: NonNegative = 0.0,
    n_test: Index = 0,
    generator_seed: Seed = 42,
) -> RawData:
    """What models without data, such as ``quadratic``, are trained on: sample i has the cost f(w - x_i).

    All shifts x_i are 0 without `noise`; else normal with that standard deviation, drawn by NumPy's
    RandomState and rounded to single precision. With the defaults of ``problem=noisy_quadratic`` they are
    those of DeepOBS (Schneider, Balles and Hennig, DeepOBS: A Deep Learning Optimizer Benchmark Suite, 2019).

    Args:
        n_samples: shifts that are trained on.
        dimension: of the parameters.
        noise: standard deviation of every number of a shift.
        n_test: further shifts, for the test cost; drawn with the seed after `generator_seed`.
        generator_seed: which shifts are drawn.
    """
    require(
        16 * (n_samples + n_test) * dimension + NAME_BYTES * dimension,
        f"dataset.n_samples={n_samples}, {dimension} parameters",
        "draw fewer samples or parameters",
    )
    train, test = (_part(n, dimension, noise, generator_seed + k) for k, n in enumerate((n_samples, n_test)))
    names = tuple(f"w{number}" for number in range(1, dimension + 1))
    return RawData(*train, names, ("any",), test=test if n_test else None, task="function")


def _part(n: int, dimension: int, noise: float, seed: int) -> Part:
    x = np.random.RandomState(seed).normal(0.0, noise, (n, dimension)).astype(np.float32)
    return Part(x.astype(float) + 0.0, np.zeros(n, np.int64))  # 0, never -0
