"""Sparse data in LIBSVM's text format: any file of the user's, and the usual problems of papers."""

from typing import Annotated

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError
from optlab.core.memory import require
from optlab.core.options import Interval
from optlab.datasets.dataset import NAME_BYTES, Part, RawData, dataset
from optlab.datasets.download import RemoteFile, content
from optlab.datasets.files import read_bytes
from optlab.datasets.libsvm_format import LARGEST_INDEX, SparseRows, read_libsvm

Width = Annotated[int, Interval(1, LARGEST_INDEX, "[]")]

_LIBSVM = "https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/binary"
_TICK = "https://raw.githubusercontent.com/X-DataInitiative/tick-datasets/master/binary"


def _file(name: str, size: int, sha256: str, *urls: str) -> RemoteFile:
    return RemoteFile(f"libsvm/{name}.bz2", size, sha256, urls)


A9A = (
    _file(
        "a9a",
        2_329_875,
        "f5d5ffd8d865ff41328e7ee043e4b020816914ff6843ff15b98905ddbedce906",
        f"{_LIBSVM}/a9a",
    ),
    _file(
        "a9a.t",
        1_164_628,
        "1f448a153f0320399a7e40836eb207655b0bde0f21fc941cc472193daa9f5de9",
        f"{_LIBSVM}/a9a.t",
    ),
)
W8A = (
    _file(
        "w8a",
        3_478_238,
        "6a9fa8fd5f524303240a5db07d4b3d4a51e8b7b4b20a914105d8e3e8c81640f2",
        f"{_LIBSVM}/w8a",
    ),
)
IJCNN1 = (
    _file(
        "ijcnn1",
        1_398_220,
        "16506cad788cf7c9607454150ed1994788204bac2ff4c9cb3b320036b6950d3f",
        f"{_LIBSVM}/ijcnn1.bz2",
    ),
    _file(
        "ijcnn1.t",
        2_597_597,
        "e7b0bbd518641980dc322746c6bc59d019d3153934e6258e48f9d8cfae2c4bb8",
        f"{_LIBSVM}/ijcnn1.t.bz2",
    ),
)
MUSHROOMS = (
    _file(
        "mushrooms",
        879_712,
        "f39a4eb628dc61a7d43760815b061c9e497aa728ce1ad8bde57a09ef6043b538",
        f"{_LIBSVM}/mushrooms",
    ),
)
PHISHING = (
    _file(
        "phishing",
        3_620_167,
        "0b0ca40e17bc95e909bfa587c408bf69904571ace01dea26e34cafc464f2da93",
        f"{_LIBSVM}/phishing",
    ),
)
REUTERS = (
    _file(
        "reuters.trn",
        3_107_267,
        "caacd2baf041b15b51ab65c0ec2ac834a439a561fb6708427c1c002c10ac7215",
        f"{_TICK}/reuters/reuters.trn.bz2",
    ),
    _file(
        "reuters.tst",
        763_856,
        "6e267dcb1f83c68bcb1c3f30d7a70dd9fe059e1da39b9c191456ff827507539f",
        f"{_TICK}/reuters/reuters.tst.bz2",
    ),
)


@dataset(origin="downloaded", rows=48_842, features=123, classes=2, files=A9A)
def a9a() -> RawData:
    """Adult: does a person of the census of 1994 earn more than 50,000 dollars (Platt 1998)? 0/1 features."""
    return _published(A9A, 123)


@dataset(origin="downloaded", rows=49_749, features=300, classes=2, files=W8A)
def w8a() -> RawData:
    """Does a web page belong to a category, by its 300 keywords (Platt 1998)? 3 % do."""
    return _published(W8A, 300)


@dataset(origin="downloaded", rows=141_691, features=22, classes=2, files=IJCNN1)
def ijcnn1() -> RawData:
    """Misfires of a combustion engine: the challenge of IJCNN 2001 (Prokhorov 2001; Chang and Lin 2001)."""
    return _published(IJCNN1, 22)


@dataset(origin="downloaded", rows=8_124, features=112, classes=2, files=MUSHROOMS)
def mushrooms() -> RawData:
    """Poisonous (1) and edible (2) mushrooms of the UCI repository, 0/1 features; linearly separable."""
    return _published(MUSHROOMS, 112)


@dataset(origin="downloaded", rows=11_055, features=68, classes=2, files=PHISHING)
def phishing() -> RawData:
    """Phishing web sites of the UCI repository; 0/1 features, rows scaled to unit length."""
    return _published(PHISHING, 68)


@dataset(origin="downloaded", rows=11_069, features=8_315, classes=2, files=REUTERS)
def reuters() -> RawData:
    """Newswire texts of one topic against the rest, weighted word counts (Bordes et al. 2005)."""
    return _published(REUTERS, 8_315)


@dataset
def libsvm(*, path: str, test_path: str | None = None, n_features: Width | None = None) -> RawData:
    """A file of the user's (plain, .gz or .bz2), with any two or more labels.

    Args:
        path: the file.
        test_path: a file of test samples, which become the official test set.
        n_features: number of features; None: the largest index in the files.
    """
    paths = [path] if test_path is None else [path, test_path]
    texts = [
        read_bytes(name, f"dataset.{key}") for name, key in zip(paths, ("path", "test_path"), strict=False)
    ]
    rows = [read_libsvm(text, name) for text, name in zip(texts, paths, strict=True)]
    width = max(part.width for part in rows)
    if n_features is not None and n_features < width:
        source = paths[int(rows[0].width <= n_features)]
        raise UserError(
            f"dataset.n_features={n_features}: {source} has index {width}; set {width} or more, or null"
        )
    of_option = n_features is not None and n_features > width
    require(
        NAME_BYTES * (n_features or width),
        f"dataset.n_features={n_features}" if of_option else f"{paths[0]}: index {width}",
        "set the number of features that the file has" if of_option else "mend the index",
    )
    return _raw(rows, paths, n_features or width)


def _published(files: tuple[RemoteFile, ...], n_features: int) -> RawData:
    """Training samples, and test samples if there is a second file."""
    return _raw(
        [read_libsvm(content(file), file.path) for file in files], [f.path for f in files], n_features
    )


def _raw(rows: list[SparseRows], sources: list[str], n_features: int) -> RawData:
    labels, first = np.unique(rows[0].labels, return_index=True)
    if len(labels) < 2:
        raise UserError(f"{sources[0]}: one class only ('{_name(labels[0])}'); add samples of another class")
    parts = [_part(part, labels, n_features, source) for part, source in zip(rows, sources, strict=True)]
    return RawData(
        *parts[0],
        tuple(f"x{index}" for index in range(1, n_features + 1)),
        tuple(map(_name, labels.tolist())),
        test=parts[1] if len(parts) > 1 else None,
        places=tuple(f"{sources[0]}, line {line}" for line in rows[0].lines[first].tolist()),
    )


def _name(label: float) -> str:
    return str(int(label)) if label == int(label) else str(float(label))


def _part(rows: SparseRows, labels: Array, n_features: int, source: str) -> Part:
    """Samples as a scipy.sparse.csr_array with 32-bit indices, and their positions in the sorted labels."""
    from scipy.sparse import csr_array

    unknown = np.flatnonzero(~np.isin(rows.labels, labels))
    if len(unknown):
        raise UserError(
            f"{source}, line {rows.lines[unknown[0]]}: no training sample has the label "
            f"{_name(rows.labels[unknown[0]])}; mend the line"
        )
    shape = (len(rows.labels), n_features)
    x = csr_array((rows.values, rows.columns, rows.starts.astype(np.int32)), shape=shape)
    return Part(x, np.searchsorted(labels, rows.labels))
