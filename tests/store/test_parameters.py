"""Archives of parameters: read right, or named."""

import io
import zipfile

import numpy as np
import pytest

from optlab.store import parameters, repair
from optlab.store.check import Damaged


@pytest.fixture
def archive(folder):
    return folder / "parameters" / "stack.npz"


def saved(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def test_any_flipped_byte_is_noticed_or_changes_nothing(archive):
    run_ids, values = parameters.load(archive)
    content, refused = archive.read_bytes(), 0
    for place in range(0, len(content), 3):
        archive.write_bytes(content[:place] + bytes([content[place] ^ 0xA5]) + content[place + 1 :])
        try:
            found = parameters.load(archive)
        except Damaged as error:
            assert "\n" not in str(error)
            refused += 1
        else:
            assert found[0] == run_ids and np.array_equal(found[1], values)
    assert refused > 100


IDS, VALUES = np.array(["a", "b"]), np.zeros((2, 3))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"PK", b"\x93NUMPY", saved(), saved(run_id=IDS), saved(parameters=VALUES),
        saved(run_id=IDS[:1], parameters=VALUES), saved(run_id=VALUES, parameters=VALUES),
        saved(run_id=IDS, parameters=IDS), saved(run_id=IDS, parameters=VALUES[0]),
        saved(run_id=IDS, parameters=VALUES.astype(object)),
    ],
    ids=range(11),
)  # fmt: skip
def test_what_does_not_hold_the_parameters_of_runs_is_named(folder, archive, content):
    archive.write_bytes(content)
    with pytest.raises(Damaged, match=r"stack\.npz: "):
        parameters.load(archive)
    assert "stack.npz" in repair.damage(folder, folder / "runs" / "stack.parquet")


def test_an_archive_that_unpacks_is_not_unpacked(archive):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("parameters.npy", b"0" * 10**6)
    with pytest.raises(Damaged, match="is packed"):
        parameters.load(archive)
