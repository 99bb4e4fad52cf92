"""What a rule may ask of the cost: its questions are counted, clipped and remembered.

A rule asks for what it needs (the oracle model of optimization theory). What was asked is counted in
full-data equivalents: a gradient on a mini-batch of B of n samples adds B/n. What it costs to answer is
charged as the models state it (`optlab.models.work`), in gradients on all data; two questions at a point that
one pass answers cost that pass. What is computed at w for the record is not charged.

Reference: Nemirovski and Yudin, Problem Complexity and Method Efficiency in Optimization, 1983.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np

from optlab.core.arrays import Array, row_dot
from optlab.core.copying import copy_with
from optlab.core.streams import Purpose, stream
from optlab.models import passes
from optlab.models.layers import Layer
from optlab.models.model import LinearScores, Model, Samples
from optlab.models.work import Answer, factorization
from optlab.objective.evaluation import Evaluation, EvaluationCache
from optlab.objective.objective import Objective

EVERY_RUN = slice(None)

EVALUATIONS = ("value_evals", "gradient_evals", "hvp_evals", "hessian_evals")
COUNTERS = (*EVALUATIONS, "work", "uncounted_passes")

WORK, UNCOUNTED = map(COUNTERS.index, COUNTERS[-2:])


class Oracle:
    """The cost of R runs as rules see it, on all samples or on a batch; w is always (R, P).

    Values are those of J, everything else that of its smooth part, see `Objective`. Not to be modified.
    """

    def __init__(
        self,
        objective: Objective,
        n_runs: int = 1,
        clip_norm: float | None = None,
        cache: EvaluationCache | None = None,
        seeds: Sequence[int] | None = None,
    ) -> None:
        self._of_all = objective  # of all runs of the stack
        self._objective: Objective | None = objective  # of the runs of this oracle, once it is asked for
        self.counts: Array = np.zeros((len(COUNTERS), n_runs))
        """What was asked, charged and hidden, in the order of COUNTERS, of every run of the stack (6, all
        runs)."""
        self.runs: Array | slice = EVERY_RUN
        """Which columns of `counts`, and which of `seeds`, belong to the runs of this oracle."""
        self.seeds: Array = np.zeros(n_runs, int) if seeds is None else np.array(seeds)
        """Of every run of the stack (all runs,); what a rule draws depends on them alone."""
        self.clip_norm = clip_norm
        """Largest norm of what `gradient` answers; None: the gradient as it is."""
        self.cache = cache
        """What need not be computed again, on all samples; None: nothing is remembered."""
        self.evaluation: Evaluation | None = None
        """What is known where the runs stand; asking there costs nothing."""
        self.positions: Array | slice = slice(None)
        """Where the samples of the batch stand among all."""
        self.n_total = objective.n_samples
        """Number of all training samples."""
        self._unit = objective.work("gradient")  # of work
        self._charges: dict[Any, Array] = {}  # what a question on these samples adds to the counters
        self._charged_here = 0.0  # work, for what is known where the runs stand
        self._all_samples: Samples | None = None  # if this oracle is on a batch of them

    @property
    def objective(self) -> Objective:
        """The pure cost of these runs."""
        if self._objective is None:
            self._objective = self._of_all.select_runs(self.runs)
        return self._objective

    @property
    def model(self) -> Model:
        """What the parameters mean."""
        return self._of_all.model

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The arrays of weights and biases that the parameters make, in their order."""
        return self.objective.layers

    @property
    def matrices(self) -> tuple[Layer, ...]:
        """Those of them that have rows and columns."""
        return tuple(layer for layer in self.objective.layers if layer.is_matrix)

    @property
    def vectors(self) -> tuple[Layer, ...]:
        """Those of them that make no matrix: biases, as a rule."""
        return tuple(layer for layer in self.objective.layers if not layer.is_matrix)

    @property
    def n_scores(self) -> int:
        """K, of a model whose scores are linear."""
        return cast(LinearScores, self.model).n_scores

    @property
    def n_samples(self) -> int:
        """Number of samples in the batch."""
        return self._of_all.n_samples

    @property
    def full_batch(self) -> "Oracle":
        """The oracle on all training samples."""
        if self._all_samples is None:
            return self
        return copy_with(
            self,
            _of_all=copy_with(self._of_all, samples=self._all_samples),
            _objective=None,
            evaluation=None,
            positions=slice(None),
            _charges={},
            _all_samples=None,
        )

    def batch(self, index: Any, rng: np.random.Generator | None = None) -> "Oracle":
        """The oracle on the mini-batch of the samples `index`; `rng` draws masks for hidden units."""
        return copy_with(
            self,
            _of_all=self._of_all.batch(index, rng),
            _objective=None,
            evaluation=None,
            positions=index,
            _charges={},
            _all_samples=self._of_all.samples,
        )

    def select_runs(self, index: Any) -> "Oracle":
        """The oracle of the runs that `index` (a slice, mask or positions) selects."""
        return copy_with(
            self,
            _objective=None,
            runs=_composed(self.runs, index, self.counts.shape[1]),
            evaluation=self.evaluation and self.evaluation.select_runs(index),
        )

    def with_gradient_at(self, w: Array) -> "Oracle":
        """This oracle with its gradient at w known, its value only by chance; not counted as asked for."""
        cache = self._cache_of_batch
        if cache is not None and cache.points is not None:
            return self.evaluated_at(w)
        known = Evaluation(w, cast(Array, None), self.objective.gradient(w))
        return copy_with(self, evaluation=known, _charged_here=0.0)

    def evaluated_at(self, w: Array, *, gradient: bool = True, accuracy: bool = False) -> "Oracle":
        """This oracle with its value (and gradient, accuracy) at w known; not counted as asked for."""
        cache = self._cache_of_batch
        known = cache and cache.get(self.runs, w)
        if not known:
            known = self.objective.evaluate(w, gradient=gradient, accuracy=accuracy)
        elif len(new := np.flatnonzero(~known.counted)):  # type: ignore[operator]
            rest = self.objective.select_runs(new).evaluate(w[new], gradient=True, accuracy=True)
            for column, values in zip(known[1:4], rest[1:4], strict=True):
                column[new] = values  # type: ignore[index]
        return copy_with(self, evaluation=known, _charged_here=0.0)

    @passes.counted_elsewhere
    def value(self, w: Array) -> Array:
        """J(w), (R,)."""
        known = self._known(w)
        self._count("value_evals", work="value", known=known)
        if known is None or known.value is None:
            known = self.objective.evaluate(w)
        return known.value

    @passes.counted_elsewhere
    def gradient(self, w: Array, clip: bool = True) -> Array:
        """Gradient of J (R, P), clipped by its norm if `clip_norm` says so."""
        known = self._known(w)
        self._count("gradient_evals", work="gradient", known=known)
        g = self.objective.gradient(w) if known is None or known.gradient is None else known.gradient
        return self.clipped(g) if clip else g

    def clipped(self, step: Array) -> Array:
        """A direction (R, P) that is made from several gradients, shortened to `clip_norm`."""
        return step if self.clip_norm is None else clipped(step, self.clip_norm)

    @passes.counted_elsewhere
    def value_and_gradient(self, w: Array) -> tuple[Array, Array]:
        """J(w) (R,) and its gradient (R, P), in one pass over the samples."""
        known = self._known(w)
        self._count("value_evals", "gradient_evals", work="gradient", known=known)
        if known is None or known.gradient is None or known.value is None:
            cache = self._cache_of_batch
            known = self.objective.evaluate(w, gradient=True, accuracy=cache is not None)
            if cache is not None:
                cache.put(self.runs, known)
        return known.value, known.gradient  # type: ignore[return-value]

    def uniform(self, t: int, n: int = 1) -> Array:
        """Random numbers (R, n) in [0, 1) for step t of a rule: the same for the same seed and step."""
        own = self.seeds[self.runs].tolist()
        drawn = {seed: stream(Purpose.RULE, seed, t).random(n) for seed in set(own)}
        return np.stack([drawn[seed] for seed in own])

    @passes.counted_elsewhere
    def sample_slopes(self, w: Array) -> Array:
        """Derivatives (R, K, B) of every sample's loss in its K linear scores; counts as a gradient."""
        self._count("gradient_evals", work="slopes")
        return self.objective.sample_slopes(w)

    @passes.counted_elsewhere
    def gradient_from_slopes(self, slopes: Array) -> Array:
        """Gradient (R, P), without the penalty's, of the mean loss that has these slopes (R, K, B)."""
        self._count(work="gradient_from_slopes")
        return self.objective.gradient_from_slopes(slopes)

    def penalty_gradient(self, w: Array) -> Array:
        """Gradient (R, P) of the smooth part of the penalty."""
        return self.objective.penalty.gradient(w)

    def prox(self, w: Array, step: Any) -> Array:
        """The u (R, P) that minimise h(u) + ||u - w||^2 / (2 step), h the part of the penalty not smooth.

        Args:
            step: positive, a number or (R, 1).
        """
        return self.objective.penalty.prox(w, step)

    @property
    def is_smooth(self) -> bool:
        """Whether J has a gradient everywhere."""
        return self.objective.penalty.is_smooth

    def rough_value(self, w: Array) -> Array:
        """What the terms that are not smooth add to J(w), (R,)."""
        return self.objective.penalty.rough_value(w)

    def l1(self, w: Array) -> Array:
        """The strength of the absolute value of every parameter, (R, P) as w; 0 where there is none."""
        return np.broadcast_to(self.objective.penalty.strengths.get("l1", 0.0), w.shape)

    @passes.counted_elsewhere
    def hessian(self, w: Array) -> Array:
        """Hessian of J (R, P, P); charged with its factorisation, which solving with it takes."""
        solved = self.objective.work("hessian") + factorization(self.model.n_parameters)
        self._count("hessian_evals", work=solved)
        return self.objective.hessian(w)

    @passes.counted_elsewhere
    def hessian_block(self, w: Array, positions: Array) -> Array:
        """Hessian (R, m, m) of J among the parameters at `positions` (R, m) of every run alone.

        Counts as the share m^2 / P^2 of a Hessian.
        """
        share = (positions.shape[1] / w.shape[1]) ** 2
        curvature, whole = self._of_all.work("curvature"), self._of_all.work("hessian")
        self._count(work=curvature + share * max(whole - curvature, 0))
        self.counts[COUNTERS.index("hessian_evals"), self.runs] += share * self.n_samples / self.n_total
        return self.objective.hessian_block(w, positions)

    @passes.counted_elsewhere
    def hessian_vector(self, w: Array, v: Array, gauss_newton: bool = False) -> Array:
        """Product of the Hessian of J at w, or of its Gauss-Newton part, with v (R, P)."""
        work = self.objective.work("curvature") + self.objective.work("product")
        self._count("hvp_evals", work=work)
        return self.objective.hessian_vector(w, v, gauss_newton)

    @passes.counted_elsewhere
    def hessian_operator(self, w: Array, gauss_newton: bool = False) -> Callable[[Array, Array], Array]:
        """The same product for many v at one w: positions of some runs and their v -> their products."""
        once, each = self.objective.operator_work(gauss_newton)
        self._count(work=once)
        product = self.objective.hessian_operator(w, gauss_newton)

        @passes.counted_elsewhere
        def counted(runs: Array, v: Array) -> Array:
            self._count("hvp_evals", work=each, runs=runs)
            return product(runs, v)

        return counted

    def note_uncounted(self, since: int, n_runs: int) -> None:
        """Note passes that the runs made without asking, since the tally (`passes.made`) stood there."""
        if made := passes.made() - since:
            self.counts[UNCOUNTED, self.runs] += made / (self.n_total * n_runs)

    @property
    def _cache_of_batch(self) -> EvaluationCache | None:
        return self.cache if self._all_samples is None else None

    def _known(self, w: Array) -> Evaluation | None:
        return self.evaluation if self.evaluation and self.evaluation.is_at(w) else None

    def _count(
        self,
        *evaluations: str,
        work: Answer | float,
        known: Evaluation | None = None,
        runs: Array | slice = EVERY_RUN,
    ) -> None:
        """Count evaluations of some of the runs and charge their work: all together, for a step is short.

        Nothing is counted where a rule has asked for it already; what is known costs its pass once.
        """
        amounts = self._charges.get((evaluations, work))
        if amounts is None:
            amounts = self._charges[evaluations, work] = self._charge(evaluations, work)
        if known is not None:
            before, cost = self._charged_here, float(amounts[WORK, 0])
            self._charged_here = max(cost, before)
            if before:
                amounts = amounts.copy()
                amounts[WORK] = self._charged_here - before
            if known.counted is not None:
                amounts = amounts * ~known.counted
        self.counts[:, _composed(self.runs, runs, self.counts.shape[1])] += amounts

    def _charge(self, evaluations: tuple[str, ...], work: Answer | float) -> Array:
        """What such a question adds to the counters (6, 1)."""
        amounts = np.zeros((len(COUNTERS), 1))
        amounts[WORK] = (self._of_all.work(work) if isinstance(work, str) else work) / self._unit
        for name in evaluations:
            amounts[COUNTERS.index(name)] = self.n_samples / self.n_total
        return amounts


def _composed(outer: Array | slice, inner: Any, n: int) -> Array | slice:
    """The index that selects what `inner` selects of what `outer` selects of n."""
    if inner is EVERY_RUN:
        return outer
    if outer is EVERY_RUN and isinstance(inner, slice):
        return inner
    return (outer if isinstance(outer, np.ndarray) else np.arange(n)[outer])[inner]


def clipped(g: Array, clip_norm: float) -> Array:
    """Gradients g (R, P), those that are longer than `clip_norm` shortened to it.

    Reference: Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, 2013,
    algorithm 1; 1e-6 is added to the norm, as in PyTorch.
    """
    norm = np.sqrt(row_dot(g, g))
    return g * np.minimum(clip_norm / (norm + 1e-6), 1)
