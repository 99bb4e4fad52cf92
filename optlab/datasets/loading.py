"""From a section of the configuration to a `Dataset`: read, divide, fill in, scale."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.core.options import Count, Fraction, Index, annotations, conform, unknown
from optlab.core.streams import Purpose, stream
from optlab.datasets.dataset import REGISTRY, Dataset, Part, RawData
from optlab.datasets.preparation import Preparation
from optlab.datasets.scaling import converted, scale_of, scaled
from optlab.datasets.split import stratified


@dataclass(frozen=True)
class Common:
    """Options that every data set has."""

    standardize: bool = True  # by mean and population std of the training part; sparse data by the std alone
    validation_fraction: Fraction = 0.2  # of all rows; of those outside the official test set if there is one
    test_fraction: Fraction | None = None  # null: the official test set, or a fifth where there is none
    split_seed: Index = 0
    max_rows: Count | None = (
        None  # use only so many rows (a stratified sample); an official test set stays whole
    )


def checked(options: Mapping[str, Any]) -> dict[str, Any]:
    """The whole `dataset` section with every option present and valid, in a fixed order.

    Raises:
        UserError: an unknown data set or option, a wrong type or a value out of range.
    """
    if not isinstance(options.get("name"), str):
        raise UserError(f"dataset.name={options.get('name')}: must name a data set; see optlab-data list")
    name, factory = options["name"], REGISTRY.get(options["name"])
    common, own = annotations(Common), annotations(factory)
    for key in options:
        if key not in {"name", *common, *own}:
            raise unknown(
                f"dataset.{key}={options[key]}", f"{name} has no option '{key}'", key, [*own, *common]
            )
    return {
        "name": name,
        **conform({key: options[key] for key in options if key in own}, factory, "dataset"),
        **conform({key: options[key] for key in options if key in common}, Common, "dataset"),
    }


def load(options: Mapping[str, Any], dtype: Any = "float64") -> Dataset:
    """The data set that the `dataset` section of a configuration describes.

    Missing values are filled in with a statistic of the training part, and standardising uses its mean
    and deviation: nothing of the validation and test rows leaks into training.

    Args:
        options: the section: ``name``, the common options, and the data set's own.
        dtype: of the features, float64 or float32.

    Raises:
        UserError: bad options, or data that cannot be had, read or divided.
    """
    section = checked(options)
    name = section["name"]
    common = Common(**{key: section[key] for key in annotations(Common)})
    factory = REGISTRY.get(name)
    own = {key: section[key] for key in annotations(factory)}
    raw: RawData = factory(**own)
    if raw.task == "classification" and len(np.unique(raw.y)) < 2:
        raise UserError(
            f"dataset.name={name}: all rows ({len(raw.y)}) are of one class; set options that give two"
        )
    parts = _parts(raw, common, name)
    divisor = raw.divisor
    preparation = _preparation(raw)
    if raw.impute:
        fill = _fill(parts[0].x, raw)
        preparation = replace(preparation, fill=fill)
        parts = [Part(np.where(np.isnan(part.x), fill, part.x), part.y) for part in parts]
    if common.standardize:
        scale, divisor = scale_of(parts[0].x, raw.features), 1.0
        parts, preparation = scaled(parts, scale), replace(preparation, mean=scale.mean, scale=scale.std)
    train, validation, test = (converted(part, divisor, np.dtype(dtype)) for part in parts)
    generated = REGISTRY.entry(name).about.origin == "generated"
    checksum = _recipe_checksum(name, own) if generated else raw.sha256 or _content_checksum(raw)
    return Dataset(
        name,
        train,
        validation,
        test,
        raw.features,
        raw.classes,
        checksum,
        raw.shape,
        raw.places,
        raw.notes,
        preparation,
    )


def _parts(raw: RawData, common: Common, name: str) -> list[Part]:
    """Training, validation and test rows."""
    official, fraction = raw.test is not None, common.test_fraction
    if official and fraction:
        raise UserError(
            f"dataset.test_fraction={fraction}: {name} has an official test set; set "
            "dataset.test_fraction=null to use it or 0 to do without"
        )
    test_fraction = 0.0 if official else 0.2 if fraction is None else fraction
    if test_fraction + common.validation_fraction >= 1:
        raise UserError(
            f"dataset.validation_fraction={common.validation_fraction} and test_fraction={test_fraction} "
            "leave no training rows; choose fractions whose sum is below 1"
        )
    generator = stream(Purpose.SPLIT, common.split_seed)
    x, y = raw.x, raw.y
    classes = raw.classes or ("any",)

    def strata(y: Array) -> Array:
        return y if raw.classes else np.zeros(len(y), np.int64)

    if common.max_rows is not None and common.max_rows < len(y):
        if common.max_rows < len(raw.classes):
            raise UserError(
                f"dataset.max_rows={common.max_rows}: fewer than the {len(raw.classes)} classes of {name}; "
                "set at least as many"
            )
        sample, _ = stratified(strata(y), [common.max_rows], generator, classes)
        x, y = x[sample], y[sample]
    fractions = (test_fraction, common.validation_fraction)
    totals = [max(1, round(len(y) * share)) if share else 0 for share in fractions]
    test, validation, train = stratified(strata(y), totals, generator, classes)
    parts = [
        Part(x[rows], y[rows]) if len(rows) < len(y) else Part(x, y) for rows in (train, validation, test)
    ]
    if raw.test is not None and fraction is None:
        parts[2] = raw.test
    return parts


def _preparation(raw: RawData) -> Preparation:
    """How rows like these become inputs, as far as it is known before they are divided."""
    return Preparation(
        raw.features,
        raw.classes,
        divisor=raw.divisor,
        recipes=raw.recipes,
        missing=raw.missing,
        zero_is_missing=raw.zero_is_missing,
        sparse=not isinstance(raw.x, np.ndarray),
    )


def _fill(x: Array, raw: RawData) -> Array:
    """What replaces every NaN: the mean or median (d,) of its column in the training inputs x (n, d)."""
    empty = np.isnan(x).all(axis=0)
    if empty.any():
        raise UserError(
            f"column '{raw.features[empty.argmax()]}' has no value in the training part, so there is nothing "
            "to fill in; leave the column out, or choose another dataset.split_seed"
        )
    return np.nanmean(x, axis=0) if raw.impute == "mean" else np.nanmedian(x, axis=0)


def _content_checksum(raw: RawData) -> str:
    """sha256 of all rows as read, official test set included."""
    digest = hashlib.sha256()
    for part in (Part(raw.x, raw.y), raw.test or ()):
        for matrix in part:
            for array in (
                [matrix] if isinstance(matrix, np.ndarray) else [matrix.indptr, matrix.indices, matrix.data]
            ):
                digest.update(f"{array.dtype}{array.shape}".encode())
                digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _recipe_checksum(name: str, own: dict[str, Any]) -> str:
    """sha256 of name and options: what stands for generated data, whose last bits vary between machines."""
    return hashlib.sha256(json.dumps([name, own], sort_keys=True).encode()).hexdigest()
