"""Random streams: no two of them have anything in common."""

import re
from pathlib import Path
from statistics import NormalDist

import numpy as np

import optlab
from optlab.core.streams import Purpose, stream

N = 4000
SEEDS = [*range(36), 2**32, 2**32 + 1, 2**63 - 1, 2**200]
LEVEL = 0.01  # that of all pairs together


def shared(streams: dict) -> list:
    """Pairs of streams whose correlation is above chance, by Bonferroni's bound for all pairs.

    Of n independent uniform numbers each, a correlation is normal with variance 1/n to far below the bound.
    """
    names = list(streams)
    numbers = np.array([streams[name].random(N) for name in names])
    correlation = np.abs(np.corrcoef(numbers))
    pairs = len(names) * (len(names) - 1) / 2
    bound = NormalDist().inv_cdf(1 - LEVEL / pairs / 2) / np.sqrt(N)
    return [(names[i], names[j]) for i, j in np.argwhere(np.triu(correlation > bound, k=1))]


def test_no_two_streams_correlate():
    """All purposes with 40 seeds, and what code of a user's and scikit-learn draw from the same seeds."""
    streams = {(purpose, seed): stream(purpose, seed) for purpose in Purpose for seed in SEEDS}
    streams |= {("a user's", seed): np.random.default_rng(seed) for seed in SEEDS}
    streams |= {("scikit-learn's", seed): np.random.RandomState(seed) for seed in SEEDS if seed < 2**32}
    assert len(streams) > 400
    assert shared(streams) == []


def test_streams_that_are_one_are_found():
    """The entropy of seed and number, which was used before: 0 and what is not there are one."""
    before = {(seed, k): np.random.default_rng([seed, k]) for seed in (0, 1, 2**32) for k in (0, 1)}
    before |= {seed: np.random.default_rng(seed) for seed in (0, 1, 2**32)}
    assert shared(before) == [
        ((0, 0), 0),
        ((0, 1), (2**32, 0)),
        ((0, 1), 2**32),
        ((1, 0), 1),
        ((2**32, 0), 2**32),
    ]


def test_nothing_is_drawn_but_from_a_stream():
    """But the runs that `optlab-verify` picks, how seaborn moves points apart, and what DeepOBS drew.

    Its quadratic problem is published with the numbers of `numpy.random.RandomState`.
    """
    package = Path(optlab.__file__).parent
    pattern = re.compile(r"default_rng|SeedSequence|RandomState|np\.random\.(?!Generator\b)|import random\b")
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if pattern.search(re.sub(r'""".*?"""', "", path.read_text("utf-8"), flags=re.DOTALL))
    }
    published = {"datasets/shifts.py", "models/functions.py", "models/quadratic.py", "models/spectra.py"}
    own = {"core/streams.py", "sweeps/recorded_stacks.py", "report/figures/final.py"}
    assert found == own | published
