"""Any gradient transformation of optax."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from json import dumps, loads
from typing import Any, NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.core.options import Positive
from optlab.models.layers import Layer
from optlab.objective.oracle import Oracle
from optlab.optimizers import target as targets
from optlab.optimizers.rule import Rule, optimizer


class OptaxState(NamedTuple):
    leaves: list[Array]  # of the transformation's state, the runs first


@optimizer("gradient", "layers", family="other libraries")
def optax(target: str = "optax.adam", lr: Positive = 1e-3, options: dict[str, Any] | None = None) -> Rule:
    """Any gradient transformation of optax, one compiled call for all runs, on gradients from optlab.

        method = target(learning_rate=lr, **options)
        change, state <- method.update(g, state, layers of w)
        w <- w + change

    All runs are one call, vectorised over them (`jax.vmap`), each with a learning rate of its own. Parameters
    are a dictionary of the layers (W1, b1, ...), in the shapes of the model. A schedule acts on lr.

    Args:
        target: where Python imports a function from that makes the transformation of a `learning_rate`.
        lr: learning rate, positive.
        options: further arguments of the function, such as {nesterov: true}; null: none.

    Reference: DeepMind et al., The DeepMind JAX Ecosystem, 2020.
    """
    targets.library("optax", "optax")
    given = dumps(options or {})
    method_of(target, 1.0, options or {})

    def init(w: Array, objective: Oracle) -> OptaxState:
        begin, _ = compiled(target, given, objective.layers)
        return OptaxState(begin(w, _rates(lr, w)))

    def update(w: Array, state: OptaxState, objective: Oracle) -> tuple[Array, OptaxState]:
        _, step = compiled(target, given, objective.layers)
        new, leaves = step(w, objective.gradient(w), _rates(lr, w), state.leaves)
        return new, OptaxState(leaves)

    return Rule(init, update)


def _rates(lr: float | Array, w: Array) -> Array:
    return np.broadcast_to(np.ravel(np.asarray(lr, w.dtype)), len(w))


def method_of(target: str, lr: Any, options: Mapping[str, Any]) -> Any:
    """The transformation.

    Raises:
        UserError: the target cannot be imported, takes other options, or makes something else.
    """
    method = targets.call(target, targets.load(target), learning_rate=lr, options=options)
    if not (callable(getattr(method, "init", None)) and callable(getattr(method, "update", None))):
        raise UserError(
            f"optimizer.target={target}: makes a {type(method).__name__}, no gradient transformation; name a "
            "function such as optax.adamw"
        )
    return method


@lru_cache(maxsize=64)
def compiled(
    target: str, options: str, layers: tuple[Layer, ...]
) -> tuple[Callable[..., list[Array]], Callable[..., tuple[Array, list[Array]]]]:
    """How states begin and change, for stacks of runs: compiled once, whatever the rule's numbers."""
    jax, given = targets.library("optax", "jax"), loads(options)
    trees: list[Any] = []

    def parts(flat: Any) -> dict[str, Any]:
        return {layer.name: flat[layer.place].reshape(layer.shape) for layer in layers}

    def flat(parts: dict[str, Any]) -> Any:
        return jax.numpy.concatenate([parts[layer.name].ravel() for layer in layers])

    def first(w: Any, lr: Any) -> list[Any]:
        leaves, tree = jax.tree.flatten(method_of(target, lr, given).init(parts(w)))
        trees[:] = [tree]
        return leaves

    def next_(w: Any, g: Any, lr: Any, leaves: list[Any]) -> tuple[Any, list[Any]]:
        state = jax.tree.unflatten(trees[0], leaves)
        change, state = method_of(target, lr, given).update(parts(g), state, parts(w))
        return w + flat(change), jax.tree.leaves(state)

    begin, step = jax.jit(jax.vmap(first)), jax.jit(jax.vmap(next_))

    def begin_runs(w: Array, lr: Array) -> list[Array]:
        with jax.enable_x64(True):
            return [np.array(leaf) for leaf in begin(w, lr)]

    def step_runs(w: Array, g: Array, lr: Array, leaves: list[Array]) -> tuple[Array, list[Array]]:
        with jax.enable_x64(True):
            new, leaves = step(w, g, lr, leaves)
            return np.asarray(new, w.dtype), [np.asarray(leaf) for leaf in leaves]

    return begin_runs, step_runs
