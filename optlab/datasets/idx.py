"""Reader of the IDX format of the MNIST files."""

import math

import numpy as np

from optlab.core.arrays import Array
from optlab.core.errors import UserError

IDX_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read_idx(data: bytes, source: str) -> Array:
    """An array in the IDX format of the MNIST files (http://yann.lecun.com/exdb/mnist).

    Layout: two zero bytes, a byte for the type, a byte for the number of dimensions, each dimension as
    a big-endian 32-bit integer, then the values in row-major order. The array is a view of `data`.
    """
    remedy = "delete the file and get it again"
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in IDX_TYPES or data[3] == 0:
        raise UserError(f"{source}: not an IDX file (it begins with bytes {data[:4].hex(' ')}); {remedy}")
    dtype, start = np.dtype(IDX_TYPES[data[2]]), 4 + 4 * data[3]
    if len(data) < start:
        raise UserError(f"{source}: IDX header cut off after {len(data)} of {start} bytes; {remedy}")
    shape = tuple(int(n) for n in np.frombuffer(data, ">u4", data[3], offset=4))
    size = start + math.prod(shape) * dtype.itemsize
    if len(data) != size:
        raise UserError(f"{source}: {len(data)} bytes, but an IDX array of {shape} has {size}; {remedy}")
    return np.frombuffer(data, dtype, offset=start).reshape(shape)
