"""Any optimizer of PyTorch."""

import inspect
from typing import Any, NamedTuple

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.core.options import Positive
from optlab.models.layers import Layer
from optlab.objective.oracle import Oracle
from optlab.optimizers import target as targets
from optlab.optimizers.rule import Rule, optimizer

TRIALS = 2
"""Steps after which something must have moved; some methods only look at their first gradient."""


class TorchState(NamedTuple):
    t: int
    runs: Array  # (R,) of `TorchRun`, whose optimizers change in place


@optimizer("gradient", "layers", family="other libraries")
def torch(
    target: str = "torch.optim.Adam", lr: Positive = 1e-3, options: dict[str, Any] | None = None
) -> Rule:
    """Any class of PyTorch's optimizers, an instance for every run, on gradients from optlab.

        method = target(layers of w, lr=lr, **options)
        method.step() with the gradient at w, or method.step(closure) where it needs a closure, as LBFGS does
        w <- the layers

    The layers (W1, b1, ...) are its parameters, in the shapes of the model. A schedule acts on lr.

    Args:
        target: where Python imports the class from, a subclass of torch.optim.Optimizer.
        lr: learning rate, positive.
        options: further arguments of the class, such as {amsgrad: true}; null: none.

    Reference: Paszke et al., PyTorch: An Imperative Style, High-Performance Deep Learning Library, 2019.
    """
    library, given = targets.library("torch", "torch"), options or {}
    kind: Any = targets.load(target)
    is_optimizer = inspect.isclass(kind) and issubclass(kind, library.optim.Optimizer)
    if not is_optimizer:
        raise UserError(
            f"optimizer.target={target}: is no subclass of torch.optim.Optimizer; name one, such as "
            "torch.optim.Adam"
        )
    closure = inspect.signature(kind.step).parameters.get("closure")
    needs_closure = closure is not None and closure.default is closure.empty

    def make(layers: tuple[Layer, ...], w: Array, rate: float) -> "TorchRun":
        return TorchRun(
            library, layers, w, lambda parts: targets.call(target, kind, parts, lr=rate, options=given)
        )

    make((Layer("w", 0, (1, 1), True),), np.zeros(1), 1.0)  # refuses options that it does not take

    def rates(n_runs: int) -> list[float]:
        return np.broadcast_to(np.ravel(lr), n_runs).tolist()

    def init(w: Array, objective: Oracle) -> TorchState:
        runs = np.empty(len(w), object)
        for r, rate in enumerate(rates(len(w))):
            runs[r] = make(objective.layers, w[r], rate)
        return TorchState(0, runs)

    def update(w: Array, state: TorchState, objective: Oracle) -> tuple[Array, TorchState]:
        new = np.empty_like(w)
        gradients = None if needs_closure else objective.gradient(w)
        for r, (run, rate) in enumerate(zip(state.runs, rates(len(w)), strict=True)):
            run.set_rate(rate)
            if gradients is None:
                run.search(w[r], objective.select_runs(np.array([r])))
            else:
                run.step(w[r], gradients[r])
            new[r] = run.w
        if state.t + 1 == TRIALS and all(run.stands_still for run in state.runs):
            raise UserError(
                f"optimizer.target={target} optimizer.options={targets.shown(given)}: {TRIALS} steps with "
                "gradients that are not 0 have changed no parameter; choose another class or other options"
            )
        return new, TorchState(state.t + 1, state.runs)

    return Rule(init, update)


class TorchRun:
    """One run's optimizer, with tensors that share memory with flat arrays."""

    def __init__(self, library: Any, layers: tuple[Layer, ...], w: Array, make: Any) -> None:
        self._library = library
        self.w, self._g = w.copy(), np.zeros_like(w)  # (P,)
        self._grads = [library.from_numpy(layer.view(self._g[None])[0]) for layer in layers]
        self._parts = [library.from_numpy(layer.view(self.w[None])[0]).requires_grad_() for layer in layers]
        self._method = make(self._parts)
        self._start = w.copy()

    @property
    def stands_still(self) -> bool:
        """Whether the run is where it began, though its gradient is not 0."""
        return bool((self.w == self._start).all() and (self._g**2).any())

    def set_rate(self, rate: float) -> None:
        """Set the learning rate of the next step."""
        for group in self._method.param_groups:
            group["lr"] = rate

    def step(self, w: Array, g: Array) -> None:
        """Step from w (P,), where the gradient is g (P,)."""
        self.w[:] = w
        self._put(g)
        self._method.step()

    def search(self, w: Array, objective: Oracle) -> None:
        """Step from w (P,) by a method that asks for values and gradients of its own."""

        def closure() -> Any:
            value, g = objective.value_and_gradient(self.w[None].copy())
            self._put(g[0])
            return self._library.tensor(value[0])

        self.w[:] = w
        self._method.step(closure)

    def _put(self, g: Array) -> None:
        self._g[:] = g
        for part, grad in zip(self._parts, self._grads, strict=True):
            part.grad = grad
