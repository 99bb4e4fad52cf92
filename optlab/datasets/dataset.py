"""What a data set is: before (`RawData`) and after (`Dataset`) it is split and scaled."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, overload

from optlab.core.arrays import Array
from optlab.core.registry import Entry, Factory, Registry
from optlab.datasets.download import RemoteFile
from optlab.datasets.preparation import Preparation
from optlab.datasets.tables.missing import MISSING
from optlab.datasets.tables.new_rows import Recipe

NAME_BYTES = 200
"""Memory that a feature takes by its name and its weights, at least."""

Origin = Literal["downloaded", "bundled", "generated", "your own"]

Task = Literal["classification", "regression", "function"]
"""What is learned: classes; numbers; or nothing but the minimum of a formula, whose samples are shifts."""


class Part(NamedTuple):
    """Rows for one purpose: training, validation or test."""

    x: Array  # (n, d); sparse data: a scipy.sparse.csr_array
    y: Array  # (n,) int64, labels 0 ... C-1; or float64, the numbers of a regression


@dataclass(frozen=True)
class RawData:
    """A data set as it was read, drawn or computed: all rows, neither split nor scaled."""

    x: Array  # (n, d), float64 or uint8, or a csr_array; NaN: a missing value, only where `impute` is set
    y: Array  # (n,) as that of a `Part`
    features: tuple[str, ...]
    classes: tuple[str, ...]  # none: the task is a regression
    test: Part | None = None  # the official test set, where one was published
    shape: tuple[int, ...] | None = None  # of a row, where it is an image
    divisor: float = 1.0  # the features are x / divisor (255 for pixels)
    impute: Literal["mean", "median"] | None = None  # what replaces NaN: this statistic of the training part
    sha256: str | None = None  # of the content, where it is known already
    places: tuple[str, ...] = ()  # where in a file each class first occurs, for messages
    notes: tuple[str, ...] = ()  # what was taken for what, where that had to be found out
    recipes: tuple[Recipe, ...] = ()  # how the columns of a table became features; none: they are numbers
    missing: tuple[str | int | float, ...] = MISSING  # what a missing cell of a table looks like
    zero_is_missing: tuple[str, ...] = ()  # features in which a zero was taken for a missing value
    task: Task = "classification"


@dataclass(frozen=True)
class Dataset:
    """A data set ready for training. Parts that were not asked for have 0 rows."""

    name: str
    train: Part
    validation: Part
    test: Part
    features: tuple[str, ...]
    classes: tuple[str, ...]
    sha256: str  # of all rows as they were read: the same for every dtype, split and scaling
    shape: tuple[int, ...] | None = None
    places: tuple[str, ...] = ()  # where in a file each class first occurs, for messages
    notes: tuple[str, ...] = ()  # what was taken for what, where that had to be found out
    preparation: Preparation | None = None  # of rows that it does not hold; None: they come as inputs

    @property
    def n_features(self) -> int:
        """d."""
        return len(self.features)

    @property
    def n_classes(self) -> int:
        """C; 0 where the targets are numbers, 1 where there are none."""
        return len(self.classes)


class About(NamedTuple):
    """What `optlab-data list` tells of a data set without loading it; a text names an option."""

    origin: Origin = "your own"
    rows: int | str | None = None
    features: int | str | None = None
    classes: int | str | None = None
    files: tuple[RemoteFile, ...] = ()
    shape: tuple[int, ...] | None = None  # of a row, where it is an image


@dataclass(frozen=True)
class Source(Entry):
    """A data set's entry in the registry."""

    about: About = field(default_factory=About)


REGISTRY = Registry("dataset", "optlab.datasets", Source)


@overload
def dataset(factory: Factory, /) -> Factory: ...
@overload
def dataset(
    *,
    origin: Origin = ...,
    rows: int | str = ...,
    features: int | str = ...,
    classes: int | str = ...,
    files: tuple[RemoteFile, ...] = ...,
    shape: tuple[int, ...] = ...,
) -> Callable[[Factory], Factory]: ...


def dataset(factory: Any = None, /, **about: Any) -> Any:
    """Register a function that returns `RawData` as the data set of its name.

    Its keyword parameters are the data set's own options, their annotations the type and range.
    Usable bare (``@dataset``) or with what the list of data sets shall tell (``@dataset(rows=768)``).
    """

    def decorate(factory: Any) -> Any:
        REGISTRY.add(Source(factory, About(**about)))
        return factory

    return decorate if factory is None else decorate(factory)
