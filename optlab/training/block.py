"""Blocks: the neighbouring runs of a stack that one rule updates together."""

import inspect
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from optlab import optimizers
from optlab.core.arrays import Array, is_zero, scalar_per_run
from optlab.core.errors import UserError
from optlab.core.failure import short_path
from optlab.core.options import number_options
from optlab.core.tree import arrays, select_rows
from optlab.models import passes
from optlab.objective.oracle import Oracle
from optlab.optimizers.rule import Rule, State
from optlab.training.run import RunSpec

BLOCK_ELEMENTS = 2**16
"""Parameters that an elementwise update handles at a time, so that its temporaries stay in the L2 cache.

Not smaller: from 256 KiB on, NumPy computes in place of temporaries instead of allocating more of them."""

HESSIAN_BYTES = 2**30
"""Memory that the Hessians of one block of runs may take."""


class Block:
    """Neighbouring runs of a stack that are updated together by one rule."""

    def __init__(
        self, runs: Sequence[RunSpec], rows: slice, dtype: np.dtype, group_factors: Mapping[str, Array]
    ) -> None:
        self.rows = rows
        self.name = runs[0].optimizer
        self._factory = optimizers.REGISTRY.get(self.name)
        options = [run.options for run in runs]
        numbers = number_options(self._factory)
        self._options = {
            name: scalar_per_run([o[name] for o in options], dtype) if name in numbers else value
            for name, value in options[0].items()
        }
        self._group_factors = group_factors
        self._rule = self._make_rule({})
        if not isinstance(self._rule, Rule):
            raise UserError(
                f"optimizer={self.name}: its factory returned a {type(self._rule).__name__}, not a Rule; "
                "end it with return Rule(init, update)"
            )
        if not optimizers.REGISTRY.entry(self.name).is_own:
            _check_signatures(self.name, self._rule)
        self._state: State = None

    def begin(self, w: Array, oracle: Oracle) -> None:
        """Set up the optimizer's state for parameters w (R, P) of the whole stack.

        Raises:
            UserError: an array of the state does not begin with the run axis.
        """
        own, mine = w[self.rows], oracle.select_runs(self.rows)
        before = passes.made()
        self._state = self._rule.init(own, mine)
        mine.note_uncounted(before, len(own))
        for array in arrays(self._state):
            if array.shape[:1] != own.shape[:1]:
                raise UserError(
                    f"optimizer={self.name}: its state holds an array of shape {array.shape}; make the runs "
                    f"the first axis, here {len(own)}"
                )

    def update(self, oracle: Oracle, w: Array, factors: Mapping[str, float]) -> Array:
        """New parameters of the block's runs, from theirs w (R, P) and the oracle of these runs.

        Raises:
            UserError: the rule returns something else than parameters of that shape and a state.
        """
        if oracle.evaluation is not None:
            w = oracle.evaluation.w
        before = passes.made()
        answer = self._rule_for_step(factors).update(w, self._state, oracle)
        oracle.note_uncounted(before, len(w))
        if not isinstance(answer, tuple) or len(answer) != 2 or np.shape(answer[0]) != w.shape:
            raise UserError(f"optimizer={self.name}: {_misfit(answer, w)}")
        new, self._state = answer
        return new

    def _rule_for_step(self, factors: Mapping[str, float]) -> Rule:
        """The rule with its numbers multiplied by the factors of a step."""
        return self._make_rule(factors) if any(name in self._options for name in factors) else self._rule

    def _make_rule(self, factors: Mapping[str, float]) -> Rule:
        """The rule with its numbers multiplied by these factors and by those of the parameter groups."""
        options: dict[str, Any] = dict(self._options)
        for multiplied in (factors, self._group_factors):
            for name, factor in multiplied.items():
                if name in options and not is_zero(options[name]):
                    options[name] = options[name] * factor
        return self._factory(**options)

    def keep_runs(self, active: Array, start: int) -> int:
        """Let the runs outside the mask `active` of all runs leave; returns where the next block starts."""
        own = active[self.rows]
        if not own.all():
            self._options = select_rows(self._options, own)
            self._state = select_rows(self._state, own)
            self._rule = self._make_rule({})
        self.rows = slice(start, start + int(own.sum()))
        return self.rows.stop


def _check_signatures(name: str, rule: Rule) -> None:
    """Refuse a rule of the user's whose functions take something else than they are given."""
    for which, function, wanted in (
        ("init", rule.init, "w, objective"),
        ("update", rule.update, "w, state, objective"),
    ):
        signature = inspect.signature(function)
        try:
            signature.bind(*wanted.split(", "))
        except TypeError as error:
            code = getattr(function, "__code__", None)
            place = f" ({short_path(Path(code.co_filename))}:{code.co_firstlineno})" if code else ""
            raise UserError(
                f"optimizer={name}: its {which}{place} takes {signature}; make it take ({wanted})"
            ) from error


def _misfit(answer: Any, w: Array) -> str:
    """What is wrong with the answer of an update, in words."""
    wanted = f"the new parameters of shape {w.shape}, runs x parameters, and a state"
    if isinstance(answer, tuple) and len(answer) == 2:
        return f"its update returned parameters of shape {np.shape(answer[0])}; it must return {wanted}"
    return f"its update returned a {type(answer).__name__}, not a pair; it must return {wanted}"


def update_all(blocks: list[Block], oracle: Oracle, w: Array, factors: Mapping[str, float]) -> Array:
    """Parameters (R, P) of all runs after one step from w, with the rules' numbers times `factors`."""
    if len(blocks) == 1:
        return blocks[0].update(oracle, w, factors)
    new = np.empty_like(w)
    for block in blocks:
        new[block.rows] = block.update(oracle.select_runs(block.rows), w[block.rows], factors)
    return new


def rule_key(run: RunSpec) -> tuple[str, str]:
    """Runs with the same key are updated by one rule: they differ in numbers only."""
    numbers = number_options(optimizers.REGISTRY.get(run.optimizer))
    rest = {name: value for name, value in run.options.items() if name not in numbers}
    return run.optimizer, repr((sorted(rest.items()), run.groups))


def make_blocks(runs: Sequence[RunSpec], is_weight: Array, dtype: np.dtype) -> list[Block]:
    """Blocks of runs that stand in the order of their keys, each small enough for cache or memory.

    `is_weight` (P,) is 1 at weights, 0 at biases.
    """
    blocks, start, n_parameters = [], 0, len(is_weight)
    for (name, _), neighbours in groupby(runs, rule_key):
        group = list(neighbours)
        method = optimizers.REGISTRY.entry(name)
        factors = {number: f.astype(dtype) for number, f in group[0].groups.factors(is_weight).items()}
        most = len(group)
        if method.needs_gradient_only:
            most = max(1, BLOCK_ELEMENTS // n_parameters)
        elif method.has_matrices:
            most = max(1, HESSIAN_BYTES // (n_parameters**2 * dtype.itemsize))
        for first in range(0, len(group), most):
            part = group[first : first + most]
            blocks.append(Block(part, slice(start, start + len(part)), dtype, factors))
            start += len(part)
    return blocks


def drop_finished(blocks: list[Block], active: Array) -> list[Block]:
    """The blocks without the runs outside the mask `active` (R,)."""
    start = 0
    for block in blocks:
        start = block.keep_runs(active, start)
    return [block for block in blocks if block.rows.start < block.rows.stop]
