import struct

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.datasets.idx import read_idx


def idx(array: np.ndarray, code: int) -> bytes:
    head = struct.pack(f">HBB{array.ndim}I", 0, code, array.ndim, *array.shape)
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


@pytest.mark.parametrize(
    "code, dtype", [(8, "u1"), (9, "i1"), (11, "i2"), (12, "i4"), (13, "f4"), (14, "f8")]
)
def test_idx_gives_back_what_was_written_in_every_type(code, dtype):
    array = np.arange(24).reshape(2, 3, 4).astype(dtype)
    np.testing.assert_array_equal(read_idx(idx(array, code), "a.idx"), array)


GOOD = idx(np.zeros((3, 2), np.uint8), 8)


@pytest.mark.parametrize(
    "data, words",
    [
        (b"", "not an IDX file"),
        (b"PNG\x0d" + GOOD, "not an IDX file"),
        (b"\0\0\x07\x01" + GOOD, "not an IDX file"),
        (GOOD[:9], "header cut off after 9 of 12 bytes"),
        (GOOD[:-1], "17 bytes, but an IDX array of (3, 2) has 18"),
        (GOOD + b"\0", "19 bytes, but"),
    ],
)
def test_damaged_idx_is_refused_in_one_line_that_names_the_file(data, words):
    with pytest.raises(UserError) as refusal:
        read_idx(data, "train.idx")
    assert str(refusal.value).startswith("train.idx: ")
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_idx_header_that_claims_more_than_memory_is_refused():
    with pytest.raises(UserError, match="has 1844674406"):
        read_idx(struct.pack(">HBBII", 0, 8, 2, 2**32 - 1, 2**32 - 1), "a.idx")
