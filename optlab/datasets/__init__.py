"""Data sets: one file per family. `load({"name": "pima"}, "float64")` reads, splits and scales one.

A data set of your own is a function that returns `RawData`, decorated with `@dataset`; its keyword
parameters are its options.
"""

from optlab.datasets.dataset import REGISTRY, Dataset, Part, RawData, dataset
from optlab.datasets.loading import Common, checked, load

__all__ = ["REGISTRY", "Common", "Dataset", "Part", "RawData", "checked", "dataset", "load"]
