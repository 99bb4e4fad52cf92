"""What turns a row as a person writes it into the inputs of a model: the numbers of the training part.

It is stored beside the parameters of a run, as JSON, so that a model predicts without its training data.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.tables.missing import MISSING
from optlab.datasets.tables.new_rows import Cells, Recipe, features_of

ARRAYS = ("fill", "mean", "scale")


@dataclass(frozen=True)
class Preparation:
    """How features become inputs, and how rows of a table become features."""

    features: tuple[str, ...]
    classes: tuple[str, ...]
    fill: Array | None = None  # (d,) what replaces a missing value; None: it is refused
    mean: Array | None = None  # (d,) None: nothing is taken off
    scale: Array | None = None  # (d,) divides; ∞ of constant columns, which become 0; None: the divisor alone
    divisor: float = 1.0
    recipes: tuple[Recipe, ...] = ()  # of the columns of a table; none: the features are columns of numbers
    missing: tuple[str | int | float, ...] = MISSING  # what a missing cell looks like
    zero_is_missing: tuple[str, ...] = ()  # features in which a zero means that nothing was measured
    sparse: bool = False

    @property
    def n_features(self) -> int:
        """d."""
        return len(self.features)

    @property
    def n_classes(self) -> int:
        """C."""
        return len(self.classes)

    def table_recipes(self) -> tuple[Recipe, ...]:
        """Those of every column."""
        return self.recipes or tuple(map(Recipe, self.features))

    def of_table(self, columns: Mapping[str, Cells], source: str) -> Array:
        """Raw features (n, d) of the rows of a table, see `new_rows.features_of`."""
        return features_of(self.table_recipes(), columns, source, self.missing)

    def filled(self, x: Array, source: str) -> Array:
        """Raw features x (n, d) without missing values.

        Raises:
            UserError: a value is missing, and the training part says nothing about what to put there.
        """
        if self.sparse:
            return x
        x = np.array(x, dtype=float)
        if self.zero_is_missing:
            doubtful = np.isin(self.features, self.zero_is_missing)
            x[(x == 0) & doubtful] = np.nan
        missing = np.isnan(x)
        if missing.any() and self.fill is None:
            row, column = np.argwhere(missing)[0]
            raise UserError(
                f"{source}, row {row + 1}, column '{self.features[column]}': empty cell; fill it in, or "
                "train with dataset.missing=median, which says what stands for it"
            )
        return np.where(missing, 0.0 if self.fill is None else self.fill, x)

    def inputs(self, x: Any, dtype: Any = float) -> Any:
        """The inputs of the model for raw features x (n, d), without missing values."""
        if self.sparse:
            scale = self.divisor if self.scale is None else self.scale[x.indices]
            return type(x)((x.data / scale, x.indices, x.indptr), shape=x.shape).astype(dtype)
        x = x.astype(float)
        if self.mean is not None:
            x = x - self.mean
        return (x / (self.divisor if self.scale is None else self.scale)).astype(dtype)

    def to_json(self) -> str:
        """As text; ∞ is null."""
        content: dict[str, Any] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        for name in ARRAYS:
            if content[name] is not None:
                content[name] = [None if np.isinf(v) else v for v in np.asarray(content[name]).tolist()]
        content["recipes"] = [recipe._asdict() for recipe in self.recipes]
        return json.dumps(content, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Preparation":
        """The preparation that `to_json` wrote.

        Raises:
            ValueError: it is none.
        """
        content = json.loads(text)
        if not isinstance(content, dict) or content.keys() != cls.__dataclass_fields__.keys():
            raise ValueError("it is no preparation of rows")
        for name in ("features", "classes", "missing", "zero_is_missing"):
            content[name] = tuple(content[name])
        for name in ARRAYS:
            if content[name] is not None:
                content[name] = np.array([np.inf if v is None else float(v) for v in content[name]])
                if content[name].shape != (len(content["features"]),):
                    raise ValueError(f"{name} does not fit the features")
        recipes = [{**recipe, "texts": tuple(recipe["texts"])} for recipe in content["recipes"]]
        content["recipes"] = tuple(Recipe(**recipe) for recipe in recipes)
        content["divisor"] = float(content["divisor"])
        return cls(**content)
