"""optlab: which optimizer wins on this problem, by how much, at what cost, and can I believe it?

`load` reads a result folder, `sweep` trains one, `register` adds an optimizer, a model, a data set or a
schedule.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from optlab.report.plot import Drawable

__all__ = ["load", "register", "sweep"]
__version__ = "0.1.0"


def load(*folders: "str | Path") -> "Drawable":
    """Tables of one or several result folders, and their pictures (see `optlab.store.read.load`).

    Warns of damaged files, whose stacks are left out.

    Raises:
        UserError: no folder, one that is none, one without results, or one of a newer format.
    """
    import warnings

    from optlab.report.plot import drawable
    from optlab.store.read import load

    results = load(*folders)
    for what in results.skipped_files:
        warnings.warn(f"left out: {what}", stacklevel=2)
    return drawable(results)


def sweep(overrides: Sequence[str], folder: "str | Path | None" = None, data: Any = None) -> "Drawable":
    """Train a sweep as ``optlab -m OVERRIDES`` does, and read its results.

    Args:
        overrides: as on the command line, such as ``["optimizer=sgd,adam", "seed=range(5)"]``.
        folder: the result folder; what it holds already is not trained again.
        data: a table to train on: a pandas DataFrame whose last column, or that of ``dataset.target=NAME``,
            holds the classes; or ``(X, y)``. It is kept in optlab's cache and read as ``dataset=csv`` reads.

    Raises:
        UserError: a mistake in the overrides or in the data.
    """
    from optlab.launch.application import sweep
    from optlab.report.plot import drawable

    return drawable(sweep(overrides, folder, data))


def register(kind: str | Callable[..., Any], *asks: str, elementwise: bool = False) -> Callable[..., Any]:
    """Decorator that makes a function known by its name; its signature is the schema of its options.

    ``@optlab.register`` alone serves where the function is annotated to return a `Rule`, `RawData`, `Model`
    or `Schedule`.

    Args:
        kind: what the function makes: optimizer, model, dataset or schedule.
        asks: for an optimizer, what its rule asks of the objective: value, gradient, hessian, ...; the
            gradient, where nothing is said.
        elementwise: for an optimizer, whether its rule updates each parameter from its own gradient alone.

    Raises:
        UserError: there is no such kind, or a signature that cannot be called as this kind is.
    """
    from optlab.runs.register import register

    return register(kind, *asks, elementwise=elementwise)
