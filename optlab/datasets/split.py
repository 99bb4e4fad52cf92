"""Stratified splits: every part has the class shares of the whole."""

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError


def stratified(
    y: Array, totals: list[int], generator: np.random.Generator, classes: tuple[str, ...]
) -> list[Array]:
    """Divide the rows at random into parts of about `totals` rows, and a last part with what remains.

    Each class is shared out by largest remainders, so its share in a part is that of the whole up to one
    row, with at least one row in every part. A total of 0 gives an empty part. With nothing to divide,
    the last part is all rows. Within a part the rows keep their order.

    Args:
        y: (n,) labels 0 ... C-1.
        totals: rows wanted in each part but the last.
        generator: source of the randomness.
        classes: names of the classes, for messages.

    Returns:
        Row indices of each part, len(totals) + 1 arrays.

    Raises:
        UserError: a class has fewer rows than there are parts.
    """
    counts = np.bincount(y, minlength=len(classes))
    needed = 1 + sum(total > 0 for total in totals)
    if counts.min() < needed:
        raise UserError(
            f"class '{classes[counts.argmin()]}' has {counts.min()} row(s), too few for a stratified split "
            f"into {needed} parts; set dataset.validation_fraction=0 or dataset.test_fraction=0, or leave "
            "the class out (is dataset.target a column of classes?)"
        )
    shuffled = generator.permutation(len(y))
    rest = [shuffled[y[shuffled] == label] for label in range(len(classes))]
    parts = []
    for position, total in enumerate(totals):
        later = 1 + sum(after > 0 for after in totals[position + 1 :])
        left = np.array([len(rows) for rows in rest])
        sizes = _sizes(counts * total / len(y), total, left - later) if total else np.zeros_like(counts)
        parts.append(np.sort(np.concatenate([rows[:size] for rows, size in zip(rest, sizes, strict=True)])))
        rest = [rows[size:] for rows, size in zip(rest, sizes, strict=True)]
    return [*parts, np.sort(np.concatenate(rest))]


def _sizes(exact: Array, total: int, most: Array) -> Array:
    """Whole numbers near `exact` (C,), in [1, most], that sum to `total` if that is possible."""
    sizes = np.clip(np.floor(exact).astype(np.int64), 1, most)
    while gap := total - sizes.sum():
        step = 1 if gap > 0 else -1
        open_ = sizes < most if step > 0 else sizes > 1
        if not open_.any():
            break
        sizes[np.argmax(np.where(open_, step * (exact - sizes), -np.inf))] += step
    return sizes
