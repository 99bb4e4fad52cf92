"""What an oracle counts, clips, remembers and restricts."""

import numpy as np
import pytest

from optlab.datasets.dataset import Part
from optlab.models import REGISTRY
from optlab.objective.evaluation import EvaluationCache
from optlab.objective.objective import Objective
from optlab.objective.oracle import COUNTERS, Oracle, clipped
from optlab.objective.penalty import penalty

N, R = 20, 3


@pytest.fixture
def oracle() -> Oracle:
    rng = np.random.default_rng(0)
    model = REGISTRY.get("logistic")(3, 2)
    samples = model.prepare(Part(rng.normal(size=(N, 3)), np.arange(N) % 2), np.dtype(float))
    return Oracle(Objective(model, samples, penalty(l2=np.array([[0.0], [0.1], [1.0]]))), R)


@pytest.fixture
def remembering(oracle: Oracle) -> Oracle:
    return Oracle(oracle.objective, R, cache=EvaluationCache(R))


@pytest.fixture
def w() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(R, 4))


@pytest.fixture
def passes(monkeypatch) -> list[int]:
    """Runs in every pass over the samples."""
    runs: list[int] = []
    evaluate = Objective.evaluate

    def noted(self: Objective, w: np.ndarray, **what: bool):
        runs.append(len(w))
        return evaluate(self, w, **what)

    monkeypatch.setattr(Objective, "evaluate", noted)
    return runs


def counts(oracle: Oracle, what: str) -> list[float]:
    return oracle.counts[COUNTERS.index(what)].tolist()


def test_answers_are_those_of_the_objective(oracle, w):
    objective, v = oracle.objective, np.random.default_rng(2).normal(size=w.shape)
    expected = objective.evaluate(w, gradient=True)
    for answer, right in (
        (oracle.value(w), expected.value),
        (oracle.gradient(w), expected.gradient),
        (oracle.hessian(w), objective.hessian(w)),
        (oracle.hessian_vector(w, v), objective.hessian_vector(w, v)),
        (oracle.hessian_operator(w)(np.arange(R), v), objective.hessian_vector(w, v)),
        (oracle.sample_slopes(w), objective.sample_slopes(w)),
    ):
        np.testing.assert_allclose(answer, right, rtol=1e-14)
    for answer, right in zip(oracle.value_and_gradient(w), expected[1:3], strict=True):
        np.testing.assert_array_equal(answer, right)


def test_evaluations_are_counted_as_shares_of_the_data(oracle, w):
    oracle.gradient(w)
    oracle.batch(np.arange(5)).gradient(w)
    oracle.batch(np.arange(10)).value_and_gradient(w)
    oracle.batch(np.arange(5)).full_batch.gradient(w)
    oracle.batch(slice(0, 5)).sample_slopes(w)
    assert counts(oracle, "gradient_evals") == [3] * R
    assert counts(oracle, "value_evals") == [0.5] * R


def test_every_question_has_its_counter(oracle, w):
    for ask, counted in (
        (oracle.value, ["value_evals"]),
        (oracle.gradient, ["gradient_evals"]),
        (oracle.value_and_gradient, ["value_evals", "gradient_evals"]),
        (oracle.sample_slopes, ["gradient_evals"]),
        (oracle.hessian, ["hessian_evals"]),
        (lambda w: oracle.hessian_vector(w, w), ["hvp_evals"]),
        (lambda w: oracle.hessian_operator(w)(np.arange(R), w), ["hvp_evals"]),
        (oracle.penalty_gradient, []),
        (lambda w: oracle.prox(w, 0.1), []),
    ):
        before = oracle.counts.copy()
        ask(w)
        assert [name for name, more in zip(COUNTERS, oracle.counts - before, strict=True) if more.any()] == (
            counted
        )
        assert set((oracle.counts - before).ravel().tolist()) <= {0.0, 1.0}


def test_only_the_runs_that_ask_are_counted(oracle, w):
    some = oracle.select_runs(np.array([False, True, True]))
    some.select_runs(np.array([1])).value(w[[2]])
    some.hessian(w[1:])
    some.hessian_operator(w[1:])(np.array([0]), w[:1])
    oracle.select_runs(slice(1, 3)).select_runs(slice(0, 1)).gradient(w[[1]])
    assert counts(oracle, "value_evals") == [0, 0, 1]
    assert counts(oracle, "hessian_evals") == [0, 1, 1]
    assert counts(oracle, "hvp_evals") == [0, 1, 0]
    assert counts(oracle, "gradient_evals") == [0, 1, 0]


def test_a_known_point_is_not_evaluated_again_but_counted(oracle, w, passes):
    here = oracle.evaluated_at(w)
    assert counts(oracle, "gradient_evals") == [0, 0, 0]
    np.testing.assert_array_equal(here.gradient(w), here.evaluation.gradient)
    np.testing.assert_array_equal(here.value(w.copy()), here.evaluation.value)  # equality decides
    part = here.select_runs(slice(1, 3))
    np.testing.assert_array_equal(part.gradient(w[1:]), here.evaluation.gradient[1:])
    assert passes == [R]
    assert counts(oracle, "gradient_evals") == [1, 2, 2]


def test_another_point_is_evaluated_anew(oracle, w):
    here = oracle.evaluated_at(w)
    other = w.copy()
    other[-1, -1] += 1
    np.testing.assert_array_equal(here.gradient(other), oracle.gradient(other))


def test_a_gradient_that_is_not_known_is_computed(oracle, w):
    here = oracle.evaluated_at(w, gradient=False)
    np.testing.assert_array_equal(here.gradient(w), oracle.gradient(w))
    np.testing.assert_array_equal(here.value_and_gradient(w)[1], oracle.gradient(w))


def test_the_full_batch_is_all_samples(oracle, w):
    batch = oracle.batch(np.arange(3))
    assert oracle.full_batch is oracle
    np.testing.assert_array_equal(batch.full_batch.value(w), oracle.value(w))
    part = batch.select_runs(slice(0, 2)).full_batch
    np.testing.assert_array_equal(part.value(w[:2]), oracle.select_runs(slice(0, 2)).value(w[:2]))


def test_a_mini_batch_gradient_is_the_mean_over_its_own_samples(oracle, w):
    halves = [oracle.batch(np.arange(0, 10)).gradient(w), oracle.batch(np.arange(10, 20)).gradient(w)]
    np.testing.assert_allclose(np.mean(halves, 0), oracle.gradient(w), rtol=1e-12, atol=1e-15)


def test_gradients_are_clipped_unless_a_rule_wants_them_whole(oracle, w):
    short = Oracle(oracle.objective, R, clip_norm=0.1)
    whole = oracle.gradient(w)
    np.testing.assert_array_equal(short.gradient(w), clipped(whole, 0.1))
    np.testing.assert_array_equal(short.gradient(w, clip=False), whole)
    np.testing.assert_array_equal(short.batch(slice(None)).gradient(w), clipped(whole, 0.1))
    np.testing.assert_allclose(np.linalg.norm(clipped(whole, 0.1), axis=1), 0.1, rtol=1e-4)  # 1e-6 is added
    np.testing.assert_array_equal(clipped(whole, 1e9), whole)


def test_where_a_rule_asked_last_nothing_is_computed_or_counted_again(remembering, w, passes):
    expected = remembering.evaluated_at(w, accuracy=True).evaluation
    remembering.value_and_gradient(w + 1)
    remembering.value_and_gradient(w)
    done = len(passes)
    again = w.copy()
    here = remembering.evaluated_at(again, accuracy=True)
    for found, right in zip(here.evaluation[1:4], expected[1:4], strict=True):
        np.testing.assert_array_equal(found, right)
    here.value_and_gradient(again)
    here.select_runs(np.array([2])).gradient(again[[2]])
    assert len(passes) == done
    assert counts(remembering, "gradient_evals") == [2, 2, 2]


def test_only_runs_that_stand_elsewhere_than_asked_last_are_evaluated_and_counted(remembering, w, passes):
    expected = remembering.evaluated_at(w, accuracy=True).evaluation
    some = np.array([0, 2])
    remembering.value_and_gradient(w + 1)
    remembering.select_runs(some).value_and_gradient(w[some])
    del passes[:]
    here = remembering.evaluated_at(w, accuracy=True)
    for found, right in zip(here.evaluation[1:4], expected[1:4], strict=True):
        np.testing.assert_allclose(found, right, rtol=1e-12)
    here.value_and_gradient(w)
    assert passes == [1]
    assert counts(remembering, "value_evals") == [2, 2, 2]


def test_what_was_asked_last_of_all_data_is_not_taken_for_a_batch(remembering, w):
    expected = remembering.batch(np.arange(5)).value(w)
    remembering.value_and_gradient(w)
    np.testing.assert_array_equal(remembering.batch(np.arange(5)).evaluated_at(w).evaluation.value, expected)
