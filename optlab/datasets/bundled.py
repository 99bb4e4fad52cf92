"""Data sets that come with scikit-learn and need no network.

Their files are read where scikit-learn keeps them: importing it would take longer than many a sweep.
"""

import gzip
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.datasets.dataset import RawData, dataset

CELL_MEASURES = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)

WINE_MEASURES = (
    "alcohol",
    "malic_acid",
    "ash",
    "alcalinity_of_ash",
    "magnesium",
    "total_phenols",
    "flavanoids",
    "nonflavanoid_phenols",
    "proanthocyanins",
    "color_intensity",
    "hue",
    "od280/od315_of_diluted_wines",
    "proline",
)


@dataset(origin="bundled", rows=569, features=30, classes=2)
def breast_cancer() -> RawData:
    """Wisconsin diagnostic breast cancer: 30 measurements of cell nuclei; malignant or benign."""
    table = _numbers("breast_cancer.csv", skip=1)
    means, errors, worst = (
        [pattern.format(measure) for measure in CELL_MEASURES]
        for pattern in ("mean {}", "{} error", "worst {}")
    )
    return _raw(table, (*means, *errors, *worst), ("malignant", "benign"))


@dataset(origin="bundled", rows=1797, features=64, classes=10, shape=(8, 8))
def digits() -> RawData:
    """Handwritten digits of 8 x 8 pixels, grey values 0 ... 16."""
    pixels = tuple(f"pixel_{row}_{column}" for row, column in product(range(8), repeat=2))
    return _raw(_numbers("digits.csv.gz"), pixels, tuple("0123456789"), shape=(8, 8))


@dataset(origin="bundled", rows=442, features=10, classes=0)
def diabetes() -> RawData:
    """Progression of diabetes within a year, a number, by ten measurements of 442 patients (Efron et al.)."""
    x, y = _numbers("diabetes_data_raw.csv.gz", delimiter=None), _numbers("diabetes_target.csv.gz")
    names = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")
    return RawData(np.ascontiguousarray(x), y, names, (), task="regression")


@dataset(origin="bundled", rows=150, features=4, classes=3)
def iris() -> RawData:
    """Fisher's irises: lengths and widths of sepals and petals in cm; three species."""
    names = tuple(f"{part} {size} (cm)" for part in ("sepal", "petal") for size in ("length", "width"))
    return _raw(_numbers("iris.csv", skip=1), names, ("setosa", "versicolor", "virginica"))


@dataset(origin="bundled", rows=178, features=13, classes=3)
def wine() -> RawData:
    """Thirteen chemical measurements of Italian wines; three cultivars."""
    return _raw(_numbers("wine_data.csv", skip=1), WINE_MEASURES, ("class_0", "class_1", "class_2"))


def _numbers(name: str, skip: int = 0, delimiter: str | None = ",") -> Array:
    """The table of numbers in one of scikit-learn's data files."""
    spec = find_spec("sklearn")
    folder = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else Path()
    path = folder / "datasets" / "data" / name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); install scikit-learn again") from error
    text = gzip.decompress(data) if name.endswith(".gz") else data
    return np.loadtxt(text.decode().splitlines(), delimiter=delimiter, skiprows=skip)


def _raw(
    table: Array, features: tuple[str, ...], classes: tuple[str, ...], shape: tuple[int, ...] | None = None
) -> RawData:
    x, y = np.ascontiguousarray(table[:, :-1]), table[:, -1].astype(np.int64)
    return RawData(x, y, features, classes, shape=shape)
