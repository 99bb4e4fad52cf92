"""Passes over samples are counted wherever they are made."""

from threading import Thread

import numpy as np
import pytest

from optlab.datasets.dataset import Part
from optlab.models import REGISTRY, passes
from optlab.objective.objective import Objective

N, R = 12, 3
MODELS = {
    "logistic": ("logistic", 2, {}),
    "softmax": ("softmax", 3, {}),
    "network": ("mlp", 3, {"hidden": [4], "activation": "tanh"}),
}


@pytest.fixture(params=MODELS)
def objective(request):
    name, classes, options = MODELS[request.param]
    model = REGISTRY.get(name)(5, classes, **options)
    x = np.random.default_rng(0).normal(size=(N, 5))
    return Objective(model, model.prepare(Part(x, np.arange(N) % classes), np.dtype(float)))


def made_by(question):
    """Passes over all samples, of all runs, that a question takes."""
    before = passes.made()
    question()
    return (passes.made() - before) / (N * R)


def test_a_pass_is_counted_whatever_it_is_made_for(objective):
    w = np.random.default_rng(1).normal(size=(R, objective.model.n_parameters))
    assert made_by(lambda: objective.evaluate(w)) == 1
    assert made_by(lambda: objective.evaluate(w, gradient=True)) == 1
    assert made_by(lambda: objective.batch(slice(0, N // 2)).evaluate(w)) == 0.5
    assert made_by(lambda: objective.hessian(w)) >= 1
    assert made_by(lambda: objective.hessian_vector(w, w)) >= 1
    x = np.zeros((N, 5))
    assert made_by(lambda: objective.model.predict(w, x)) == 1
    assert made_by(lambda: objective.model.probabilities(w, x)) == 1


def test_what_is_counted_elsewhere_is_taken_off_the_tally_also_after_an_error():
    @passes.counted_elsewhere
    def asked():
        passes.count(2, 5)
        raise ValueError

    before = passes.made()
    passes.count(1, 3)
    with pytest.raises(ValueError):
        asked()
    assert passes.made() == before + 3


def test_threads_have_tallies_of_their_own():
    before = passes.made()
    thread = Thread(target=passes.count, args=(1, 100))
    thread.start()
    thread.join()
    assert passes.made() == before
