"""Recorded parameters: an archive per stack, whose bytes are checked when it is read."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from optlab.core.arrays import Array
from optlab.store.check import Damaged, check_file

BROKEN = (
    OSError,
    ValueError,
    LookupError,
    EOFError,
    RuntimeError,  # a flag says that the archive is encrypted, or packed in an unknown way
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a damaged archive may raise."""


def load(path: Path) -> tuple[list[str], Array]:
    """The ids of a stack's runs, and their parameters: (R, P), or (T, R, P) of all points.

    Raises:
        Damaged: the archive is, or is missing.
    """
    check_file(path)
    try:
        with zipfile.ZipFile(path) as archive:
            packed = [entry for entry in archive.infolist() if entry.compress_type != zipfile.ZIP_STORED]
        if packed:  # it would unpack to any size
            raise ValueError(f"{packed[0].filename} is packed")
        with np.load(path, allow_pickle=False) as arrays:
            run_ids, parameters = arrays["run_id"], arrays["parameters"]
    except BROKEN as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise Damaged(f"{path}: cannot be read ({reason})") from error
    is_table = run_ids.ndim == 1 and run_ids.dtype.kind == "U" and parameters.ndim in (2, 3)
    if not is_table or parameters.dtype.kind != "f" or parameters.shape[-2] != len(run_ids):
        raise Damaged(f"{path}: does not hold the parameters of runs")
    return run_ids.tolist(), parameters
