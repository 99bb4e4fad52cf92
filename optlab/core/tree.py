"""Arrays in nested tuples, lists and dictionaries."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from optlab.core.arrays import Array


def arrays(tree: Any) -> Iterator[Array]:
    """Every array in nested tuples, lists and dictionaries."""
    if isinstance(tree, np.ndarray):
        yield tree
    elif isinstance(tree, dict | list | tuple):
        for part in tree.values() if isinstance(tree, dict) else tree:
            yield from arrays(part)


def select_rows(tree: Any, mask: Array) -> Any:
    """Rows of every array in nested tuples, lists and dictionaries; all else as it is."""
    if isinstance(tree, np.ndarray):
        return tree[mask]
    if isinstance(tree, dict):
        return {name: select_rows(value, mask) for name, value in tree.items()}
    if isinstance(tree, list | tuple):
        parts = [select_rows(value, mask) for value in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    return tree
