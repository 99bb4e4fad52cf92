import bz2
import gzip

import pytest

from optlab.core.errors import UserError
from optlab.datasets.files import decompress, read_bytes


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, bytes])
def test_files_are_unpacked_by_what_they_hold(pack):
    assert decompress(pack(b"1,2\n"), "a.csv") == b"1,2\n"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_damaged_compressed_file_is_refused(pack):
    whole = pack(bytes(range(256)) * 20)
    for damaged in (whole[:-5], whole[:12], whole[:40] + b"\xff" * 40 + whole[80:]):
        with pytest.raises(UserError, match=r"^a\.gz: damaged compressed file"):
            decompress(damaged, "a.gz")


def test_a_missing_file_and_a_folder_are_refused_with_their_path(tmp_path):
    with pytest.raises(UserError, match=r"dataset\.path=.*nowhere\.csv: cannot be read \(No such file"):
        read_bytes(str(tmp_path / "nowhere.csv"))
    with pytest.raises(UserError, match=r"cannot be read \(Is a directory\)"):
        read_bytes(str(tmp_path))
