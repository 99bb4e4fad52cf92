"""What is tried again, and with whom: the calls of a trainer that loses stacks, or fails on them."""

import pytest

from optlab.core.failure import Failure
from optlab.runs.identity import Run
from optlab.sweeps import retry
from optlab.sweeps.failure_log import FailureLog
from optlab.sweeps.plan import stack_of
from optlab.sweeps.retry import MAX_IDLE_DEATHS, Outcome, train_with_retries


class Trainer:
    """Loses all stacks of a batch with one of the runs `deadly`, fails on stacks with one of `faulty`."""

    def __init__(self, deadly=(), faulty=()):
        self.deadly, self.faulty = set(deadly), set(faulty)
        self.calls, self.stored, self.left = [], [], []

    def train(self, stacks):
        names = ["".join(run.run_id for run in stack.runs) for stack in stacks]
        self.calls.append(names)
        if any(self.deadly & set(name) for name in names):
            return Outcome(lost=stacks, died="killed")
        errors = [
            (s, Failure("why", "tb")) for s, n in zip(stacks, names, strict=True) if self.faulty & set(n)
        ]
        self.stored += [name for name in names if not self.faulty & set(name)]
        return Outcome(errors)

    def split(self, stack, halves):
        assert sum(len(half.runs) for half in halves) == len(stack.runs)

    def leave(self, stack):
        self.left.append("".join(run.run_id for run in stack.runs))


@pytest.fixture
def log(tmp_path):
    return FailureLog(tmp_path)


def stacks(*names):
    return [stack_of([Run(letter, {}) for letter in name]) for name in names]


def test_lost_stacks_are_tried_again_one_by_one_so_that_the_innocent_are_trained_whole(log):
    trainer = Trainer(deadly="b")
    failed = train_with_retries(stacks("abcd", "efgh"), trainer, log)
    assert trainer.calls == [["abcd", "efgh"], ["abcd"], ["efgh"], ["ab"], ["cd"], ["a"], ["b"]]
    assert trainer.stored == ["efgh", "cd", "a"] and trainer.left == ["b"]
    assert [(run.run_id, failure.line) for run, failure in failed] == [("b", "the worker died (killed)")]


def test_what_raises_is_taken_apart_at_once_and_together(log):
    trainer = Trainer(faulty="bc")
    failed = train_with_retries(stacks("abcd", "ef"), trainer, log)
    assert trainer.calls == [["abcd", "ef"], ["ab", "cd"], ["a", "b", "c", "d"]]
    assert [(run.run_id, failure.line) for run, failure in failed] == [("b", "why"), ("c", "why")]
    assert log.path.read_text().count("tb\n") == 2 and log.tracebacks == ["tb", "tb"]


def test_after_many_failures_stacks_are_no_longer_taken_apart(log, monkeypatch):
    monkeypatch.setattr(retry, "MAX_FAILED", 1)
    trainer = Trainer(faulty="abcdefgh")
    failed = train_with_retries(stacks("a", "bcde", "fgh"), trainer, log)
    assert trainer.calls == [["a", "bcde", "fgh"]] and len(failed) == 8


def test_workers_that_die_before_they_begin_are_given_up(log):
    class Idle(Trainer):
        def train(self, stacks):
            self.calls.append(len(stacks))
            return Outcome(untouched=stacks, died="out of memory")

    trainer = Idle()
    failed = train_with_retries(stacks("ab", "c"), trainer, log)
    assert trainer.calls == [2] * MAX_IDLE_DEATHS
    assert {failure.line for _, failure in failed} == {"workers die before they begin (out of memory)"}


def test_what_was_not_begun_is_tried_again_before_what_was_lost(log):
    class Once(Trainer):
        def train(self, stacks):
            if not self.calls:
                super().train(stacks)
                return Outcome(lost=stacks[:1], untouched=stacks[1:], died="killed")
            return super().train(stacks)

    trainer = Once()
    assert train_with_retries(stacks("ab", "cd", "ef"), trainer, log) == []
    assert trainer.calls == [["ab", "cd", "ef"], ["cd", "ef"], ["ab"]]
