"""What an optimizer is: a pair of pure functions, made by a factory from its hyperparameters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from optlab.core.arrays import Array
from optlab.core.options import Positive, unknown
from optlab.core.registry import Entry, Factory, Registry
from optlab.models.smoothness import Smoothness
from optlab.objective.oracle import Oracle

State = Any
Asks = Literal[
    "value",
    "gradient",
    "gradient_elsewhere",  # never at w, but at points of its own
    "full_batch",  # the gradient on all data too, between those of the batches
    "hessian",
    "hessian_vector",
    "hessian_block",  # among some parameters of every run, of models with linear scores
    "sample_slopes",
    "prox",
    "l1",  # the strengths of an l1 penalty, in place of its proximal operator
    "layers",  # how the parameters make matrices and vectors
    "matrices",  # the same, where a layer is a matrix
]
"""What a rule may ask of the oracle."""

Family = Literal[
    "gradient descent",
    "proximal",
    "accelerated",
    "adaptive",
    "schedule-free",
    "parameter-free",
    "Polyak",
    "quasi-Newton",
    "second order",
    "diagonal curvature",
    "layer-wise",
    "variance reduction",
    "wrapper",
    "other libraries",
]
"""What methods are alike in, in the order in which lists show them."""

BatchKind = Literal["any", "mini", "full"]
"""The batches that a method is made for."""

Rate = Positive | Literal["auto"]
"""A learning rate, or `auto`: the one that theory gives, put in place of the word before a rule is made."""


class Rule(NamedTuple):
    """An optimizer: how its state begins, and how parameters and state change in one step.

    Both functions are pure: they return new arrays and leave their arguments as they are. Every array
    in a state has the run axis first, so that runs can leave a stack. Only a memory of all samples is
    changed in place, the array `table` of a state: a copy of it would cost more than the step.
    """

    init: Callable[[Array, Oracle], State]
    """Parameters w (R, P) and the objective of all training data -> state."""

    update: Callable[[Array, State, Oracle], tuple[Array, State]]
    """w (R, P), state and the objective of the step's batch -> new w (R, P) and new state."""


@dataclass(frozen=True)
class Method(Entry):
    """An optimizer's entry in the registry."""

    asks: frozenset[Asks] = frozenset({"value", "gradient"})
    """What its rule asks of the objective in a step."""

    auto: Callable[[Smoothness], float] | None = None
    """The learning rate that theory proves to converge, for factories whose lr is a `Rate`."""

    elementwise: bool = False
    """Whether each parameter is updated from its own gradient alone: then its rule takes parameter groups."""

    family: Family | None = None
    """The methods it stands with in lists; None: the user's own."""

    tuned: bool = True
    """Whether it needs a learning rate that suits the problem; if not, its default serves."""

    batches: BatchKind = "any"
    """The batches that it is made for."""

    matrix: bool = False
    """Whether its state holds a matrix (P, P) of every run."""

    draws: bool = False
    """Whether a step draws random numbers, `Oracle.uniform`: then runs of two seeds differ."""

    @property
    def has_matrices(self) -> bool:
        """Whether a step works with a matrix (P, P) of every run, formed or held."""
        return self.matrix or "hessian" in self.asks

    @property
    def needs_gradient_only(self) -> bool:
        """Whether gradients, also at w, are all that its rule needs of the data; `prox` and layers need none.

        Then the gradient of all runs at w is computed in one pass, and the rule updates blocks of a few runs,
        which keeps its temporaries in the cache.
        """
        return self.asks <= {"gradient", "full_batch", "prox", "layers", "matrices"}


REGISTRY = Registry("optimizer", "optlab.optimizers", Method)


def optimizer(
    *asks: Asks,
    family: Family | None = None,
    tuned: bool = True,
    batches: BatchKind = "any",
    auto: Callable[[Smoothness], float] | None = None,
    elementwise: bool = False,
    matrix: bool = False,
    draws: bool = False,
) -> Callable[[Factory], Factory]:
    """Register a factory of rules that ask for `asks`; see `Method` for what else may be said of them.

    Raises:
        UserError: an objective has no such answer, or another optimizer has the name of the factory.
    """
    for word in asks:
        if word not in get_args(Asks):
            raise unknown(f"optimizer('{word}')", "no objective answers that", word, get_args(Asks))

    def decorate(factory: Factory) -> Factory:
        REGISTRY.add(
            Method(factory, frozenset(asks), auto, elementwise, family, tuned, batches, matrix, draws)
        )
        return factory

    return decorate


def asks(name: str) -> frozenset[Asks]:
    """What the optimizer called `name` asks of the objective.

    Raises:
        UserError: there is no such optimizer.
    """
    return REGISTRY.entry(name).asks


def families() -> dict[Family, list[str]]:
    """The names of optlab's own methods by family, both in the order of lists."""
    own = [(name, entry) for name in REGISTRY.names() if (entry := REGISTRY.entry(name)).is_own]
    members = {family: [name for name, entry in own if entry.family == family] for family in get_args(Family)}
    return {family: names for family, names in members.items() if names}
