"""Data sets that are drawn at random: the same options give the same data."""

from typing import Annotated

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.core.memory import require
from optlab.core.options import Count, Fraction, Index, Interval, NonNegative, OpenFraction, Positive
from optlab.core.streams import Purpose, stream
from optlab.datasets.dataset import NAME_BYTES, RawData, dataset

Seed = Annotated[int, Interval(0, 2**32 - 1, "[]")]  # what scikit-learn's generators take
AtLeastOne = Annotated[float, Interval(1, np.inf, "[)")]
AtLeastTwo = Annotated[int, Interval(2, np.inf, "[)")]
COPIES = 6
"""Of the table, while it is drawn, split and scaled."""


@dataset(origin="generated", rows="n_samples", features=2, classes=2)
def circles(
    *,
    n_samples: Count = 1000,
    noise: NonNegative = 0.1,
    factor: OpenFraction = 0.5,
    generator_seed: Seed = 0,
) -> RawData:
    """Two concentric circles, of radius 1 and `factor`, with Gaussian `noise`."""
    from sklearn.datasets import make_circles

    _require(n_samples, 2)
    return _raw(*make_circles(n_samples, noise=noise, factor=factor, random_state=generator_seed))


@dataset(origin="generated", rows="n_samples", features=2, classes=2)
def moons(*, n_samples: Count = 1000, noise: NonNegative = 0.1, generator_seed: Seed = 0) -> RawData:
    """Two interleaved half circles of radius 1, with Gaussian `noise`."""
    from sklearn.datasets import make_moons

    _require(n_samples, 2)
    return _raw(*make_moons(n_samples, noise=noise, random_state=generator_seed))


@dataset(origin="generated", rows="n_samples", features="n_features", classes="centers")
def blobs(
    *,
    n_samples: Count = 1000,
    n_features: Count = 2,
    centers: AtLeastTwo = 2,
    cluster_std: Positive = 1.0,
    generator_seed: Seed = 0,
) -> RawData:
    """Gaussian clouds, one per class, around centers drawn from the cube [-10, 10]^d."""
    from sklearn.datasets import make_blobs

    _require(n_samples + centers, n_features)
    x, y = make_blobs(
        n_samples,
        n_features,
        centers=centers,
        cluster_std=cluster_std,
        random_state=generator_seed,
    )
    return _raw(x, y)


@dataset(origin="generated", rows="n_samples", features="n_features", classes=2)
def synthetic_logistic(
    *,
    n_samples: Count = 1000,
    n_features: Count = 20,
    condition_number: AtLeastOne = 100.0,
    separability: NonNegative = 2.0,
    label_noise: Fraction = 0.0,
    generator_seed: Index = 0,
) -> RawData:
    """Labels drawn from a logistic model on features whose covariance has a chosen condition number.

    The population covariance of all rows has the eigenvalues condition_number^(-k/(d-1)), k = 0 ... d-1,
    exactly (to rounding), in a random orientation; the mean is 0. Splitting and standardising change the
    covariance of what is trained on: conf/dataset/synthetic_logistic.yaml does neither. A row's score is
    linear in x, w a random direction of the whitened features, with standard deviation `separability`
    whatever the condition number; its label is 1 with probability 1 / (1 + exp(-score)), and is then
    flipped with probability `label_noise`.

    Raises:
        UserError: as many features as rows, or more: their covariance would be singular; or a single
            feature, whose condition number is 1.
    """
    if n_samples <= n_features:
        raise UserError(
            f"dataset.n_samples={n_samples}: must exceed dataset.n_features={n_features}, or the covariance "
            "is singular; draw more samples or fewer features"
        )
    if n_features == 1 and condition_number != 1:
        raise UserError(
            f"dataset.condition_number={condition_number}: a single feature has condition number 1; set it "
            "to 1, or set dataset.n_features=2 or more"
        )
    _require(n_samples, n_features)
    generator = stream(Purpose.DATA, generator_seed)
    drawn = generator.standard_normal((n_samples, n_features))
    white = np.linalg.qr(drawn - drawn.mean(axis=0))[0] * np.sqrt(n_samples)  # covariance: the identity
    rotation = np.linalg.qr(generator.standard_normal((n_features, n_features)))[0]
    spread = np.sqrt(np.geomspace(1, 1 / condition_number, n_features))
    direction = generator.standard_normal(n_features)
    with np.errstate(over="ignore", invalid="ignore"):
        score = separability * white @ (direction / np.linalg.norm(direction))
    if not np.isfinite(score).all():
        raise UserError(f"dataset.separability={separability:g}: scores overflow; set a smaller number")
    # P(label 1) = 1 / (1 + exp(-score)), written so that no score overflows
    y = generator.random(n_samples) < 0.5 * (1 + np.tanh(score / 2))
    y ^= generator.random(n_samples) < label_noise
    return _raw((white * spread) @ rotation.T, y)


def _require(n_samples: int, n_features: int) -> None:
    """Refuse a table that memory has no room for, before it is drawn."""
    require(
        COPIES * 8 * n_samples * (n_features + 1) + NAME_BYTES * n_features,
        f"dataset.n_samples={n_samples}, {n_features} features",
        "draw fewer samples or features",
    )


def _raw(x: Array, y: Array) -> RawData:
    features = tuple(f"x{number}" for number in range(1, x.shape[1] + 1))
    return RawData(x, y.astype(np.int64), features, tuple(str(label) for label in range(max(2, y.max() + 1))))
