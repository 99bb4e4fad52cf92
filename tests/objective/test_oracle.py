"""What an oracle counts, clips, remembers and restricts."""

from collections.abc import Callable

import numpy as np
import pytest

from optlab.datasets.dataset import Part
from optlab.models import REGISTRY
from optlab.models.passes import made as passes_made
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
        more = dict(zip(COUNTERS, oracle.counts - before, strict=True))
        work = more.pop("work")
        assert [name for name, of_runs in more.items() if of_runs.any()] == counted
        assert {number for of_runs in more.values() for number in of_runs} <= {0.0, 1.0}
        assert (work > 0).tolist() == [bool(counted)] * R


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


def charged(oracle: Oracle, ask: Callable[[], object]) -> float:
    """The work of a question, the same for all runs."""
    before = counts(oracle, "work")
    ask()
    [work] = set(np.subtract(counts(oracle, "work"), before).round(12).tolist())
    return work


def test_work_is_charged_as_the_model_states_it_in_gradients_on_all_data(oracle, w):
    unit, of = oracle.objective.work("gradient"), oracle.objective.work
    assert charged(oracle, lambda: oracle.gradient(w)) == 1
    assert charged(oracle, lambda: oracle.value_and_gradient(w)) == 1
    assert charged(oracle, lambda: oracle.value(w)) == pytest.approx(of("value") / unit)
    assert charged(oracle, lambda: oracle.hessian(w)) == pytest.approx((of("hessian") + 4**3 / 12) / unit)
    both = of("curvature") + of("product")
    assert charged(oracle, lambda: oracle.hessian_vector(w, w)) == pytest.approx(both / unit)
    half = oracle.batch(slice(0, N // 2))
    expected = half.objective.work("gradient") / unit
    assert charged(oracle, lambda: half.gradient(w)) == pytest.approx(expected)
    assert 0.5 < expected < 0.6  # vectors of parameters are as long


def test_what_a_hessian_operator_computes_once_is_charged_once(oracle, w):
    unit, of = oracle.objective.work("gradient"), oracle.objective.work
    products = []
    once = charged(oracle, lambda: products.append(oracle.hessian_operator(w)))
    each = charged(oracle, lambda: products[0](np.arange(R), w))
    assert (once, each) == (pytest.approx(of("curvature") / unit), pytest.approx(of("product") / unit))


def test_a_pass_that_answers_two_questions_is_charged_once(oracle, w):
    here = oracle.evaluated_at(w)
    assert counts(oracle, "work") == [0] * R
    assert charged(here, lambda: (here.value(w), here.gradient(w), here.value_and_gradient(w))) == 1
    part = oracle.evaluated_at(w).select_runs(slice(0, 1))
    part.gradient(w[:1])
    assert counts(oracle, "work") == [2, 1, 1]


def test_a_point_that_was_charged_when_it_was_asked_is_not_charged_again(remembering, w):
    remembering.value_and_gradient(w)
    here = remembering.evaluated_at(w.copy(), accuracy=True)
    assert charged(remembering, lambda: here.value_and_gradient(here.evaluation.w)) == 0


def test_passes_behind_its_back_are_noted_those_that_were_asked_for_are_not(oracle, w):
    before = passes_made()
    oracle.value_and_gradient(w)
    oracle.batch(slice(0, 5)).hessian(w)
    oracle.hessian_operator(w)(np.arange(R), w)
    oracle.note_uncounted(before, R)
    assert counts(oracle, "uncounted_passes") == [0] * R
    Objective(oracle.model, oracle.objective.samples).evaluate(w)
    oracle.select_runs(slice(0, 2)).note_uncounted(before, 2)
    assert counts(oracle, "uncounted_passes") == [1.5, 1.5, 0]
