"""The contract of an optimizer, checked on a small strongly convex problem: what a stack needs of a rule.

Logistic regression on 30 samples of 3 features with an L2 penalty, four runs whose numbers differ a little.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, get_args

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.core.failure import failure_of
from optlab.core.options import annotations, defaults, number_options
from optlab.core.registry import file_of
from optlab.core.streams import Purpose, stream
from optlab.core.tree import select_rows
from optlab.datasets.dataset import Part
from optlab.models import REGISTRY as MODELS
from optlab.models import passes
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import penalty
from optlab.optimizers.rule import Asks, Method, Rule

R, STEPS = 4, 12
SAME = {"rtol": 1e-6, "atol": 1e-8}  # a stack equals its runs to rounding, which line searches magnify
RATES = np.geomspace(1e-4, 10, 11)
LONG = 2000  # steps towards the minimum
NEAR = 0.01  # of the initial gap: a rate must come so near to the minimum
USUAL = 0.01  # what stands for a number without a default


class Finding(NamedTuple):
    """What came out of a check."""

    check: str
    problem: str  # empty: it holds


def check(method: Method) -> list[Finding]:
    """All checks of the contract of an optimizer, in the order of `CHECKS`."""
    return [_finding(name, run, method) for name, run in CHECKS.items()]


def check_quickly(method: Method) -> None:
    """The two quickest checks, which a sweep makes of a rule that is not optlab's.

    A rule that raises an exception is left to training.

    Raises:
        UserError: one fails.
    """
    for run in (_shapes, _one_by_one):
        try:
            with np.errstate(all="ignore"):
                problem = run(method)
        except Exception:
            return  # training tells it, of the runs that it concerns
        if problem:
            place = f"optimizer={method.factory.__name__} ({file_of(method.factory)})"
            raise UserError(f"{place}: {problem}; optlab-check says more")


def _finding(name: str, run: Callable[[Method], str], method: Method) -> Finding:
    with np.errstate(all="ignore"):
        try:
            return Finding(name, run(method))
        except Exception as error:
            return Finding(name, f"it raises {failure_of(error).line}")


def _shapes(method: Method) -> str:
    """w keeps shape and type; every array of the state has the run axis first."""
    for dtype in (np.float64, np.float32):
        options = {
            name: value.astype(dtype) if isinstance(value, np.ndarray) else value
            for name, value in _options(method).items()
        }
        rule, w, oracle = _made(method, options), _starts().astype(dtype), _problem(method, dtype=dtype)
        state = rule.init(w, oracle)
        for _ in range(2):
            new, state = rule.update(w, state, oracle)
            if not isinstance(new, np.ndarray) or new.shape != w.shape or new.dtype != dtype:
                form = f"{new.shape} of {new.dtype}" if isinstance(new, np.ndarray) else type(new).__name__
                return f"update returns w as {form}; it must stay (R, P) = {w.shape} of {np.dtype(dtype)}"
            for array in _arrays(state):
                if array.ndim and array.shape[0] != R:
                    axis = f"its first axis must be that of the {R} runs"
                    return f"an array of the state has the shape {array.shape}; {axis}"
            w = new
    return ""


def _one_by_one(method: Method) -> str:
    options, w = _options(method), _starts()
    stacked = _path(_made(method, options), w, _problem(method))
    for r in range(R):
        alone = _path(_made(method, select_rows(options, np.array([r]))), w[[r]], _problem(method, 1))
        if problem := _differs(alone[:, 0], stacked[:, r]):
            return f"a run alone is another one than in a stack ({problem}); sum over axis 1, not over runs"
    return ""


def _permuted(method: Method) -> str:
    options, w, order = _options(method), _starts(), np.array([2, 0, 3, 1])
    straight = _path(_made(method, options), w, _problem(method))
    permuted = _path(_made(method, select_rows(options, order)), w[order], _problem(method))
    problem = _differs(permuted, straight[:, order])
    return (
        f"runs in another order give other results ({problem}); nothing may depend on a run's place"
        * bool(problem)
    )


def _neighbours(method: Method) -> str:
    options, w = _options(method), _starts()
    sound = _path(_made(method, options), w, _problem(method))
    w[1], w[2] = np.nan, 1e300
    broken = _path(_made(method, options), w, _problem(method))
    problem = _differs(broken[:, [0, 3]], sound[:, [0, 3]])
    return problem and f"a run that is not finite changes others ({problem}); treat each row by itself"


def _unmodified(method: Method) -> str:
    rule, w, oracle = _made(method, _options(method)), _starts(), _problem(method)
    state = rule.init(w, oracle)
    for _ in range(3):
        arrays = [w, *_arrays(state)]
        before = [array.copy() for array in arrays]
        new, state = rule.update(w, state, oracle)
        if any(not np.array_equal(a, b, equal_nan=True) for a, b in zip(arrays, before, strict=True)):
            return "update changes its arguments; write w = w - ..., not w -= ..."
        w = new
    return ""


def _leaving(method: Method) -> str:
    options, w, keep = _options(method), _starts(), np.array([True, False, True, False])
    whole = _path(_made(method, options), w, _problem(method), 6)
    rule, oracle = _made(method, options), _problem(method)
    state = rule.init(w, oracle)
    for _ in range(3):
        w, state = rule.update(w, state, oracle)
    rule, w, state, oracle = (
        _made(method, select_rows(options, keep)), w[keep], select_rows(state, keep), oracle.select_runs(keep)
    )  # fmt: skip
    for _ in range(3):
        w, state = rule.update(w, state, oracle)
    problem = _differs(w, whole[-1][keep])
    return problem and f"runs go on otherwise when others leave ({problem}); keep a run's own in the state"


class _Noting(Oracle):
    """Notes what it is asked."""

    def __getattribute__(self, name: str) -> Any:
        words = {"value_and_gradient": ["value", "gradient"], "hessian_operator": ["hessian_vector"]}
        if name in get_args(Asks) or name in words:
            vars(self).setdefault("asked", set()).update(words.get(name, [name]))
        return super().__getattribute__(name)


def _counted(method: Method) -> str:
    sound = _problem(method)
    oracle, w = _Noting(sound.objective, R), _starts()
    vars(oracle)["asked"] = set()
    rule, before = _made(method, _options(method)), passes.made()
    state = rule.init(w, oracle)
    for start in range(0, 30, 10):
        w, state = rule.update(w, state, oracle.batch(slice(start, start + 10)))
    if passes.made() != before:
        return "it evaluates the model by itself, which nobody counts; ask the objective"
    asked = vars(oracle)["asked"]
    declared = {"gradient" if word == "gradient_elsewhere" else word for word in method.asks}
    if unsaid := sorted(asked - declared):
        names = ", ".join(repr(word) for word in sorted({*method.asks, *unsaid}))
        return f"it asks for {', '.join(unsaid)} undeclared; write @optlab.register('optimizer', {names})"
    return ""


def _minimises(method: Method) -> str:
    """At the best of its rates it comes within a hundredth of the initial gap of the minimum."""
    oracle = _problem(method, len(RATES))
    start = np.zeros((len(RATES), 4))
    options = {
        k: v if not isinstance(v, np.ndarray) else v[:1].repeat(len(RATES), 0)
        for k, v in _options(method).items()
    }
    if "lr" in options:
        options["lr"] = RATES[:, None]
    rule, w = _made(method, options), start
    state, best = rule.init(w, oracle), np.inf
    minimum = _minimum(method)
    gap = float(oracle.value(start)[0]) - minimum
    for step in range(LONG):
        w, state = rule.update(w, state, oracle)
        if step % 20 == 19:
            best = min(best, np.nanmin(oracle.value(w)) - minimum)
            if best <= NEAR * gap:
                return ""
    return f"{LONG} steps leave {best / gap:.2g} of the initial gap, at the best of rates from 0.0001 to 10"


CHECKS: dict[str, Callable[[Method], str]] = {
    "shapes and types": _shapes,
    "a stack equals its runs one by one": _one_by_one,
    "permuting runs permutes the results": _permuted,
    "a run that is not finite leaves its neighbours alone": _neighbours,
    "arguments stay as they are": _unmodified,
    "runs can leave the stack": _leaving,
    "what is asked is declared and counted": _counted,
    "it reaches the minimum of a convex cost": _minimises,
}


def _problem(method: Method, runs: int = R, dtype: Any = float) -> Oracle:
    rng = stream(Purpose.DATA)
    x = rng.normal(size=(30, 3))
    y = (x @ [1.0, -2.0, 0.5] + rng.normal(size=30) > 0).astype(int)
    model = MODELS.get("logistic")(3, 2)
    l1 = 0.1 if method.asks & {"prox", "l1"} else 0.0
    samples = model.prepare(Part(x.astype(dtype), y), np.dtype(dtype))
    return Oracle(Objective(model, samples, penalty(l2=0.1, l1=l1)), runs)


def _minimum(method: Method) -> float:
    """The least cost of the problem, by many proximal steps of accelerated descent."""
    from optlab.optimizers import REGISTRY

    rule, oracle, w = REGISTRY.get("fista")(lr=0.5), _problem(method, 1), np.zeros((1, 4))
    state = rule.init(w, oracle)
    for _ in range(3000):
        w, state = rule.update(w, state, oracle)
    return float(oracle.value(w)[0])


def _starts() -> Array:
    return stream(Purpose.INITIAL_PARAMETERS).normal(size=(R, 4))


def _options(method: Method) -> dict[str, Any]:
    """Options at their defaults, each number differing a little from run to run."""
    factory = method.factory
    numbers, spread = number_options(factory), np.linspace(0.9, 1.0, R)[:, None]
    known = {name: USUAL for name in annotations(factory) if name in numbers} | defaults(factory)
    return {
        name: value * spread if name in numbers and isinstance(value, float) else value
        for name, value in known.items()
    }


def _made(method: Method, options: dict[str, Any]) -> Rule:
    made = method.factory(**options)
    if not (isinstance(made, tuple) and len(made) == 2 and all(map(callable, made))):
        raise UserError(f"the factory returns {type(made).__name__}; it must return Rule(init, update)")
    return Rule(*made)


def _path(rule: Rule, w: Array, oracle: Oracle, steps: int = STEPS) -> Array:
    """Parameters after every step (steps, R, P)."""
    state, path = rule.init(w, oracle), []
    for _ in range(steps):
        w, state = rule.update(w, state, oracle)
        path.append(w)
    return np.stack(path)


def _arrays(state: Any) -> Iterator[Array]:
    """The arrays of a state, but for the memory of all samples, which may change in place."""
    if isinstance(state, np.ndarray):
        yield state
    elif isinstance(state, dict):
        for name, part in state.items():
            if name != "table":
                yield from _arrays(part)
    elif isinstance(state, tuple | list):
        names = getattr(state, "_fields", [""] * len(state))
        for name, part in zip(names, state, strict=True):
            if name != "table":
                yield from _arrays(part)


def _differs(found: Array, expected: Array) -> str:
    """Where two paths part, and how far; empty where they agree to rounding."""
    same = np.isclose(found, expected, equal_nan=True, **SAME)
    if same.all():
        return ""
    steps = same.reshape(len(same), -1).all(axis=1)
    apart = np.abs(found - expected)[~same].max()
    return f"from step {int(steps.argmin()) + 1} on, by {apart:.1e}"
