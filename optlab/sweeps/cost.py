"""What training a run costs, estimated from its configuration and its data alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from optlab import optimizers
from optlab.core.arrays import CACHE_ELEMENTS
from optlab.models.layers import layers_of
from optlab.models.model import LinearScores, Model
from optlab.optimizers.rule import Asks
from optlab.optimizers.sides import sides_of
from optlab.runs.build import Facts, facts, model
from optlab.runs.identity import Run
from optlab.runs.schema import Config
from optlab.training.settings import Training


class Estimate(NamedTuple):
    """What one run of a stack takes: the same on every machine, and right to an order of magnitude."""

    seconds: float
    memory: float  # bytes
    efficient: int  # runs in a stack from which on a run costs little more than in a larger one
    steps: int


class Work(NamedTuple):
    """What a run has to do and to hold."""

    asks: frozenset[Asks]  # what its optimizer asks of the objective
    steps: int
    batch: int  # samples of a step
    samples: int  # of the training part
    points: float  # recorded steps
    parameters: int
    products: float  # of a sample: as many as parameters where the data are dense
    units: int  # scores and activations of a sample
    scores: int  # of a sample, if the model is linear
    vectors: float  # arrays (P,) that are recorded or remembered
    has_matrices: bool  # (P, P)
    number_bytes: int
    sides: int = 0  # numbers in one matrix for every side of a layer, see `sides_of`


@dataclass(frozen=True)
class CostModel:
    """What the parts of training cost in NumPy on one core of some 3 GHz, in float64.

    The numbers are constants, not measured where a sweep runs, for they decide how it is cut, and the cut
    decides the last bits: a sweep has one plan on every machine. Changing one changes the plan.
    """

    product_seconds: float = 1e-10
    """A multiplication and an addition in a product of matrices: some 20 Gflop/s."""

    unit_seconds: float = 3e-9
    """A score or an activation of a sample: the exponential or logarithm of it, forward and back."""

    parameter_seconds: float = 1e-8
    """An optimizer's update of a parameter: some ten passes over arrays that lie in the cache."""

    step_overhead_seconds: float = 5e-5
    """A step of a stack however few runs it has: calls of NumPy, of the optimizer, of the loop."""

    passes: tuple[tuple[Asks, int], ...] = (("value", 4), ("hessian_vector", 20))
    """Passes over the batch beyond the gradient's: trials of a line search, products for a Newton step."""

    overhead_ratio: int = 8
    """A stack is efficient if its arithmetic takes so many times the overhead of a step ..."""

    min_efficient: int = 8
    """... but not with fewer runs, as one pass over the data serves them all, ..."""

    min_efficient_of_short_steps: int = 32
    """... of steps that take less than their overhead not with fewer than this, ..."""

    max_efficient: int = 256
    """... and always with so many."""

    parameter_arrays: int = 10
    """Arrays (P,) of a run in work: parameters, gradient, state, and temporaries."""

    arrays_per_vector: int = 2
    """Arrays (P,) for each that is recorded or remembered: it and its copy when it is stored or moved."""

    point_bytes: int = 8 * 11 * 3
    """Of a recorded point: its columns, and their copies on the way to the tables."""

    side_arrays: int = 4
    """Matrices for every side of a layer: a sum of gradients, its root or basis, and what they replace."""

    longest_side: int = 512
    """Sides with such matrices, by default."""

    hessian_arrays: int = 2
    """Arrays (P, P) of a run that solves with its Hessian: it and its factor."""

    data_arrays: int = 2
    """Arrays of the size of the training part: it, and what a pass derives from it."""

    def estimate(self, work: Work) -> Estimate:
        """The cost of a run that has to do this."""
        step = self._step_seconds(work)
        efficient = self._efficient(step)
        seconds = work.steps * (step + self.step_overhead_seconds / efficient)
        if work.batch < work.samples:  # else a step has evaluated what is recorded of it
            seconds += work.points * work.samples * self._sample_seconds(work)
        return Estimate(seconds, self._memory(work), efficient, work.steps)

    def _step_seconds(self, work: Work) -> float:
        """Arithmetic of a step."""
        passes = 1.0 + sum(more for word, more in self.passes if word in work.asks)
        update = self.parameter_seconds * work.parameters * work.number_bytes / 8
        step = work.batch * self._sample_seconds(work) * passes + update
        if "hessian" in work.asks:
            products = self.product_seconds * work.batch * work.products**2
            step += products + self.product_seconds * work.parameters**3 + self.step_overhead_seconds
        return step

    def _sample_seconds(self, work: Work) -> float:
        """Arithmetic of one pass over one sample."""
        seconds = self.product_seconds * work.products + self.unit_seconds * work.units
        return seconds * work.number_bytes / 8

    def _efficient(self, step: float) -> int:
        """Runs of a stack that make the overhead of a step small, if its arithmetic takes `step` each."""
        if step > self.step_overhead_seconds:
            return self.min_efficient
        enough = round(self.overhead_ratio * self.step_overhead_seconds / step)
        return min(self.max_efficient, max(self.min_efficient_of_short_steps, enough))

    def _memory(self, work: Work) -> float:
        """Bytes that a run takes."""
        vectors = self.parameter_arrays + self.arrays_per_vector * work.vectors
        memory = work.number_bytes * work.parameters * vectors + self.point_bytes * work.points
        memory += work.number_bytes * min(work.batch * work.units, CACHE_ELEMENTS)
        if work.has_matrices:
            memory += self.hessian_arrays * work.number_bytes * work.parameters**2
        memory += self.side_arrays * work.number_bytes * work.sides
        if "sample_slopes" in work.asks:
            memory += work.number_bytes * work.scores * work.samples
        return memory


MODEL = CostModel()
COUNTED_STEPS = 10**6
"""Recorded steps are counted among so many, and the share of the others is taken to be the same."""


def estimate(config: Config) -> Estimate:
    """The cost of a run; only its order of magnitude matters."""
    sections = (json.dumps(config[name]) for name in ("model", "training"))
    return _estimate(facts(config), *sections, config["dtype"], config["optimizer"]["name"], _pairs(config))


def stack_seconds(runs: Sequence[Run]) -> float:
    """How long the training of a stack of these runs takes, however few they are."""
    estimates = [estimate(run.config) for run in runs]
    overhead = max(one.steps * (1 - 1 / one.efficient) for one in estimates)  # the rest is in their seconds
    return sum(one.seconds for one in estimates) + MODEL.step_overhead_seconds * overhead


def costliest(runs: Sequence[Run]) -> Estimate:
    """The cost of the run that takes most, of runs that may share a stack."""
    return estimate(max((run.config for run in runs), key=_pairs))


def stack_bytes(runs: Sequence[Run]) -> float:
    """Memory that the training of a stack of these runs takes, data included."""
    config = runs[0].config
    data_bytes = MODEL.data_arrays * np.dtype(config["dtype"]).itemsize * facts(config).n_stored
    return costliest(runs).memory * len(runs) + data_bytes


def _pairs(config: Config) -> int:
    """Pairs of vectors (P,) that a run's optimizer keeps of its last steps, as `lbfgs` does."""
    return config["optimizer"].get("history") or 0


def _sides(built: Model) -> int:
    sides = sides_of(layers_of(built), MODEL.longest_side)
    return sum(layer.shape[axis] ** 2 for layer, axis in sides)


@cache
def _estimate(
    known: Facts, model_section: str, training_section: str, dtype: str, optimizer: str, pairs: int
) -> Estimate:
    training = Training(**json.loads(training_section))
    built = model({"model": json.loads(model_section)}, known)
    n, steps, is_recorded = (
        known.n_train,
        training.budget(known.n_train),
        training.due_steps(known.n_train),
    )
    counted = min(steps, COUNTED_STEPS) + 1
    points = sum(map(is_recorded, range(counted))) * (steps + 1) / counted
    work = Work(
        optimizers.asks(optimizer),
        steps,
        batch=min(training.batch_size or n, n),
        samples=n,
        points=points,
        parameters=built.n_parameters,
        products=built.n_parameters * known.n_stored / (n * known.n_features),
        units=built.width,
        scores=built.n_scores if isinstance(built, LinearScores) else 0,
        has_matrices=optimizers.REGISTRY.entry(optimizer).has_matrices,
        vectors=(points if training.record_parameters == "all" else 1) + pairs,
        number_bytes=np.dtype(dtype).itemsize,
        sides=_sides(built) if "matrices" in optimizers.asks(optimizer) else 0,
    )
    return MODEL.estimate(work)
