import gzip
import hashlib

import pytest

from optlab.core.errors import UserError
from optlab.datasets import download
from optlab.datasets.download import RemoteFile

DATA = b"1,2\n3,4\n"
URLS = ("https://one.org/t.gz", "https://two.org/t.gz")


@pytest.fixture
def file():
    return RemoteFile("sub/t.gz", 30, hashlib.sha256(DATA).hexdigest(), URLS)


def put(folder, name, data):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def test_the_named_folder_comes_before_the_cache_and_the_cache_before_the_network(
    file, cache, tmp_path, monkeypatch, deliver
):
    asked = deliver({})
    put(cache, "sub/t.gz", gzip.compress(DATA, mtime=0))
    assert download.locate(file) == cache / "sub/t.gz"
    put(tmp_path / "mine", "sub/t.gz", gzip.compress(DATA, mtime=0))
    monkeypatch.setenv("OPTLAB_DATA_DIR", str(tmp_path / "mine"))
    assert download.locate(file) == tmp_path / "mine/sub/t.gz"
    assert download.content(file) == DATA
    assert asked == []


@pytest.mark.parametrize(
    "name, stored", [("sub/t.gz", gzip.compress(DATA, 1, mtime=0)), ("sub/t.gz", DATA), ("sub/t", DATA)]
)
def test_a_file_is_recognised_by_its_content_however_it_is_compressed(file, cache, name, stored):
    put(cache, name, stored)
    assert download.content(file) == DATA


def test_a_download_is_kept_for_the_next_time(file, cache, deliver):
    asked = deliver({URLS[0]: gzip.compress(DATA, mtime=0)})
    assert download.content(file) == DATA
    assert download.content(file) == DATA
    assert asked == [URLS[0]]
    assert [path.name for path in (cache / "sub").iterdir()] == ["t.gz"]


@pytest.mark.parametrize(
    "first",
    [None, b"<html>not found</html>", gzip.compress(DATA, mtime=0)[:-3], gzip.compress(b"9", mtime=0)],
)
def test_the_next_mirror_is_tried_when_one_is_silent_or_delivers_something_else(file, deliver, first):
    asked = deliver({URLS[0]: first, URLS[1]: gzip.compress(DATA, mtime=0)})
    assert download.content(file) == DATA
    assert asked == list(URLS)


def test_nothing_is_kept_of_a_download_with_the_wrong_content(file, cache, deliver):
    deliver({URLS[0]: b"9", URLS[1]: b"8"})
    with pytest.raises(UserError, match=r"one\.org: checksum mismatch; two\.org: checksum mismatch"):
        download.content(file)
    assert list((cache / "sub").iterdir()) == []


def test_no_network_and_no_file_is_one_line_that_says_what_to_put_where(file, cache, tmp_path, monkeypatch):
    with pytest.raises(UserError) as refusal:
        download.content(file)
    for word in (*URLS[:1], "$OPTLAB_DATA_DIR/sub/t.gz", str(cache / "sub/t.gz"), "no connection"):
        assert word in str(refusal.value)
    monkeypatch.setenv("OPTLAB_DATA_DIR", str(tmp_path / "mine"))
    with pytest.raises(UserError, match=r"mine/sub/t\.gz"):
        download.content(file)


def test_a_local_file_with_other_content_is_refused_with_its_path(file, cache):
    put(cache, "sub/t.gz", gzip.compress(b"9", mtime=0))
    with pytest.raises(UserError, match=r"cache/optlab/sub/t\.gz: checksum mismatch.*delete the file"):
        download.content(file)


def test_a_cache_that_cannot_be_written_is_named(file, cache, deliver):
    cache.parent.mkdir(parents=True)
    cache.write_text("a file, not a folder")
    deliver({URLS[0]: DATA})
    with pytest.raises(UserError, match="cannot be written"):
        download.content(file)


def test_a_local_file_that_may_not_be_read_is_refused_with_its_path(file, cache, monkeypatch):
    def forbidden(path):
        raise PermissionError(13, "Permission denied")

    put(cache, "sub/t.gz", DATA)
    monkeypatch.setattr("pathlib.Path.read_bytes", forbidden)
    with pytest.raises(
        UserError, match=r"cache/optlab/sub/t\.gz: cannot be read \(Permission denied\); make"
    ):
        download.content(file)
