"""The mean loss in passes over parts of the samples."""

import numpy as np
import pytest

from optlab.datasets.dataset import Part
from optlab.models import REGISTRY
from optlab.objective import loss
from optlab.objective.loss import chunks, mean_loss

N = 1000
MODEL = REGISTRY.get("softmax")(3, 4)
SAMPLES = MODEL.prepare(Part(np.random.default_rng(0).normal(size=(N, 3)), np.arange(N) % 4), np.dtype(float))


@pytest.mark.parametrize("numbers", [1, 200, 10**6])
def test_chunks_are_even_cover_the_samples_and_fit_the_cache_unless_they_are_small(numbers):
    parts = chunks(SAMPLES, numbers)
    sizes = [len(part.y) for part in parts]
    np.testing.assert_array_equal(np.concatenate([part.x for part in parts]), SAMPLES.x)
    assert max(sizes) <= max(loss.MIN_CHUNK, loss.CACHE_ELEMENTS // numbers)
    assert max(sizes) - min(sizes) < len(sizes)
    assert (len(parts) > 1) == (numbers > 1)


def test_sums_over_chunks_are_means_over_all_samples(monkeypatch):
    w = np.random.default_rng(1).normal(size=(2, MODEL.n_parameters))
    expected = mean_loss(MODEL, w, SAMPLES, gradient=True, accuracy=True)
    monkeypatch.setattr(loss, "CACHE_ELEMENTS", 1)
    monkeypatch.setattr(loss, "MIN_CHUNK", 7)
    found = mean_loss(MODEL, w, SAMPLES, gradient=True, accuracy=True)
    for column, right in zip(found, expected, strict=True):
        np.testing.assert_allclose(column, right, rtol=1e-12, atol=1e-15)
    labels = MODEL.predict(w, SAMPLES.x)
    np.testing.assert_allclose(found.correct, (labels == SAMPLES.y).mean(1), rtol=1e-14)
