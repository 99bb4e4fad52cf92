"""MNIST and Fashion-MNIST: 28 x 28 grey images of digits and of clothes, with official test sets."""

import hashlib

from optlab.core.errors import UserError
from optlab.datasets.dataset import Part, RawData, dataset
from optlab.datasets.download import RemoteFile, content
from optlab.datasets.idx import read_idx

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


def _files(
    folder: str, mirrors: tuple[str, ...], published: dict[str, tuple[int, str]]
) -> tuple[RemoteFile, ...]:
    return tuple(
        RemoteFile(f"{folder}/{name}", size, sha256, tuple(f"{mirror}/{name}" for mirror in mirrors))
        for name, (size, sha256) in published.items()
    )


MNIST = _files(
    "mnist",
    (
        "https://ossci-datasets.s3.amazonaws.com/mnist",
        "https://storage.googleapis.com/cvdf-datasets/mnist",
        "https://raw.githubusercontent.com/fgnt/mnist/master",
        "http://yann.lecun.com/exdb/mnist",
    ),
    {
        "train-images-idx3-ubyte.gz": (
            9_912_422,
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ),
        "train-labels-idx1-ubyte.gz": (
            28_881,
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ),
        "t10k-images-idx3-ubyte.gz": (
            1_648_877,
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ),
        "t10k-labels-idx1-ubyte.gz": (
            4_542,
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    },
)
FASHION_MNIST = _files(
    "fashion-mnist",
    (
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion",
    ),
    {
        "train-images-idx3-ubyte.gz": (
            26_421_880,
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        ),
        "train-labels-idx1-ubyte.gz": (
            29_515,
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        ),
        "t10k-images-idx3-ubyte.gz": (
            4_422_102,
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        ),
        "t10k-labels-idx1-ubyte.gz": (
            5_148,
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
    },
)


@dataset(origin="downloaded", rows=70_000, features=784, classes=10, files=MNIST, shape=(28, 28))
def mnist() -> RawData:
    """60,000 + 10,000 handwritten digits, pixels / 255 (LeCun, Bottou, Bengio, Haffner 1998)."""
    return _images(MNIST, DIGITS)


@dataset(origin="downloaded", rows=70_000, features=784, classes=10, files=FASHION_MNIST, shape=(28, 28))
def fashion_mnist() -> RawData:
    """60,000 + 10,000 pictures of clothes, pixels / 255 (Xiao, Rasul, Vollgraf 2017)."""
    return _images(FASHION_MNIST, CLOTHES)


def _images(files: tuple[RemoteFile, ...], classes: tuple[str, ...]) -> RawData:
    """Training images, training labels, test images and test labels, in this order."""
    x, y, x_test, y_test = (read_idx(content(file), file.path) for file in files)
    if (len(x), len(x_test)) != (len(y), len(y_test)):
        raise UserError(
            f"{files[0].path}: not as many images as labels; delete the files to have them fetched again"
        )
    height, width = x.shape[1:]
    return RawData(
        x.reshape(len(x), -1),
        y.astype("int64"),
        tuple(f"pixel {row},{column}" for row in range(height) for column in range(width)),
        classes,
        test=Part(x_test.reshape(len(x_test), -1), y_test.astype("int64")),
        shape=(height, width),
        divisor=255.0,
        sha256=hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest(),
    )
