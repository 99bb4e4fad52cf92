"""Data sets in memory that all worker processes of this machine map: loaded once, held once.

The memory belongs to no file: it goes when the last process that uses it goes, however that ends.
"""

import mmap
import os
import pickle
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from optlab.datasets import Dataset
from optlab.runs import build
from optlab.runs.schema import Config
from optlab.sweeps.plan import Stack

ALIGNMENT = 64
"""Bytes; arrays begin at multiples of it, as vector instructions like it."""

MAX_SHARED = 200
"""Data sets that are shared at a time: each takes a file descriptor."""


class Shared(NamedTuple):
    """Where another process of this machine finds a data set."""

    path: str
    token: bytes  # what stands at the start: another machine may have something else under this path
    spans: tuple[tuple[int, int], ...]  # where the pieces are: first the objects, then their arrays


class Sharing:
    """Data sets of a sweep, shared from the first stack that needs them to the end of the last."""

    def __init__(self, stacks: Iterable[Stack]) -> None:
        self._left: Counter[Any] = Counter()
        self.add(stacks)
        self._open: dict[Any, tuple[Shared, int]] = {}

    def __enter__(self) -> "Sharing":
        return self

    def __exit__(self, *error: object) -> None:
        while self._open:
            os.close(self._open.popitem()[1][1])

    def add(self, stacks: Iterable[Stack]) -> None:
        """More stacks will be trained."""
        self._left.update(build.data_key(stack.runs[0].config) for stack in stacks)

    def of(self, config: Config) -> Shared | None:
        """The shared data set of a configuration; None if the worker is to load it itself."""
        key = build.data_key(config)
        if not self._left[key]:
            return None
        if key not in self._open and hasattr(os, "memfd_create") and len(self._open) < MAX_SHARED:
            self._open[key] = _share(build.data(config))
        return self._open[key][0] if key in self._open else None

    def done(self, stack: Stack) -> None:
        """A stack will not be trained any more."""
        key = build.data_key(stack.runs[0].config)
        self._left[key] -= 1
        if self._left[key] == 0 and key in self._open:
            os.close(self._open.pop(key)[1])


def shared_or_loaded(shared: Shared | None, config: Config) -> Dataset:
    """The data set that a task needs: shared, or loaded where it is not to be had (on another machine)."""
    if shared is not None:
        try:
            return _map(shared)
        except OSError:
            pass
    return build.data(config)


def _share(dataset: Dataset) -> tuple[Shared, int]:
    arrays: list[pickle.PickleBuffer] = []
    objects = pickle.dumps(dataset, protocol=5, buffer_callback=arrays.append)
    token = os.urandom(16)
    spans, end = [], ALIGNMENT
    pieces = [memoryview(objects), *(array.raw() for array in arrays)]
    for piece in pieces:
        spans.append((end, piece.nbytes))
        end += -(-piece.nbytes // ALIGNMENT) * ALIGNMENT
    file = os.memfd_create("optlab-data")
    os.truncate(file, end)
    with mmap.mmap(file, end) as memory:
        memory[: len(token)] = token
        for (start, size), piece in zip(spans, pieces, strict=True):
            memory[start : start + size] = piece
    return Shared(f"/proc/{os.getpid()}/fd/{file}", token, tuple(spans)), file


@lru_cache(maxsize=4)
def _map(shared: Shared) -> Dataset:
    """A data set whose arrays, read-only, lie in memory that this process shares with others.

    Raises:
        OSError: it is not there.
    """
    with open(shared.path, "rb") as file:
        memory = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    if bytes(memory[: len(shared.token)]) != shared.token:
        raise FileNotFoundError(shared.path)
    objects, *arrays = [memory[start : start + size] for start, size in shared.spans]
    return pickle.loads(objects, buffers=arrays)
