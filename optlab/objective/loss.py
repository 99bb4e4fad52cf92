"""The mean loss of a stack, in passes over parts of the samples that stay in the cache."""

from optlab.core.arrays import CACHE_ELEMENTS, Array
from optlab.models.model import Model, Samples, Sums

MIN_CHUNK = 256
"""Samples in a chunk at least, so that products stay products of matrices."""


def chunks(samples: Samples, numbers_per_sample: int) -> list[Samples]:
    """Split samples evenly so that a pass over one part stays in the cache."""
    n = len(samples.y)
    largest = max(MIN_CHUNK, CACHE_ELEMENTS // numbers_per_sample)
    if n <= largest:
        return [samples]
    size = -(-n // -(-n // largest))
    return [samples.take(slice(start, start + size)) for start in range(0, n, size)]


def mean_loss(
    model: Model, w: Array, samples: Samples, *, gradient: bool = False, accuracy: bool = False
) -> Sums:
    """Mean loss without penalty (R,), its gradient (R, P) and the accuracy (R,), if asked for."""
    n = len(samples.y)
    parts = chunks(samples, len(w) * model.width)
    total = model.loss_sums(w, parts[0], 1 / n, gradient=gradient, correct=accuracy)
    for part in parts[1:]:
        total = total + model.loss_sums(w, part, 1 / n, gradient=gradient, correct=accuracy)
    return total._replace(correct=None if total.correct is None else total.correct / n)
