"""Random streams: every purpose has one of its own for every seed.

A stream is that of NumPy's `SeedSequence` with the seed as entropy and the purpose as spawn key. So no two
purposes share numbers, nor does one with code of a user's that calls `numpy.random.default_rng(seed)`.

scikit-learn's generators of data draw from another kind of generator (`numpy.random.RandomState`).
"""

from enum import IntEnum

import numpy as np

VERSION = 2
"""Of all streams, to be raised when one changes; 1: some purposes shared numbers.

It is part of every run's id: runs of another version are never taken for what this one trains."""


class Purpose(IntEnum):
    """What numbers are drawn for; its number is the spawn key."""

    INITIAL_PARAMETERS = 0
    BATCHES = 1
    DROPOUT = 2
    SPLIT = 3  # of the data; also the sample of `max_rows`
    DATA = 4  # that are generated
    BOOTSTRAP = 5  # which repetitions a resampled median is of
    TRIALS = 6  # orders in which settings might have been tried
    NOISE = 7  # inputs without meaning, shown to a network
    SAMPLE = 8  # of the rows that a network is judged by
    RULE = 9  # what an optimizer draws in a step


def stream(purpose: Purpose, seed: int = 0, *part: int) -> np.random.Generator:
    """A generator at the beginning of the stream of a purpose and a seed, any whole number from 0 on.

    `part` names a part of the stream, such as a step, that begins wherever the others have ended.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(purpose, *part)))
