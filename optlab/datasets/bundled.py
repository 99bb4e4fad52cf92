"""Data sets that come with scikit-learn and need no network."""

from optlab.datasets.dataset import RawData, dataset


@dataset(origin="bundled", rows=569, features=30, classes=2)
def breast_cancer() -> RawData:
    """Wisconsin diagnostic breast cancer: 30 measurements of cell nuclei; malignant or benign."""
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer()
    return _raw(bunch)


@dataset(origin="bundled", rows=1797, features=64, classes=10)
def digits() -> RawData:
    """Handwritten digits of 8 x 8 pixels, grey values 0 ... 16."""
    from sklearn.datasets import load_digits

    return _raw(load_digits(), shape=(8, 8))


def _raw(bunch: dict, shape: tuple[int, ...] | None = None) -> RawData:
    return RawData(
        bunch["data"],
        bunch["target"].astype("int64"),
        tuple(str(name) for name in bunch["feature_names"]),
        tuple(str(name) for name in bunch["target_names"]),
        shape=shape,
    )
