import json
import os

import pytest

from optlab.core.errors import UserError
from optlab.report.page.methods import _software
from optlab.report.page.protocol import provenance as facts
from optlab.store import provenance
from optlab.sweeps import replay


def test_the_record_tells_command_versions_machine_data_and_times(tmp_path):
    record = provenance.begin(tmp_path, ["optlab", "-m", "optimizer.lr=0.1,1"], {"moons": "abc"})
    assert provenance.load(tmp_path)["finished"] is None
    provenance.end(tmp_path, record)
    read = json.loads((tmp_path / "provenance.json").read_text())
    assert read["command"] == "optlab -m optimizer.lr=0.1,1"
    assert {"python", "numpy"} <= set(read["versions"])
    assert {"cpu", "blas", "cores", "system"} == set(read["machine"])
    assert read["data"] == {"moons": "abc"}
    assert read["finished"] >= read["started"] and read["seconds"] >= 0
    assert "git" in read


def test_an_earlier_command_in_the_folder_is_remembered(tmp_path):
    provenance.end(tmp_path, provenance.begin(tmp_path, ["first"], {"moons": "abc"}))
    provenance.begin(tmp_path, ["second"], {"blobs": "def"})
    read = provenance.load(tmp_path)
    assert read["command"] == "second" and [once["command"] for once in read["earlier"]] == ["first"]
    assert read["data"] == {"moons": "abc", "blobs": "def"}


def test_a_damaged_record_counts_as_none(tmp_path):
    (tmp_path / "provenance.json").write_text("{")
    assert provenance.load(tmp_path) is None


VALUES = [
    None,
    True,
    0,
    -1,
    1e308,
    float("nan"),
    "",
    "text",
    [],
    [1],
    {},
    {"a": [{}]},
    [[[]]],
    "\ud800",
    10**40,
]
KEYS = ["command", "started", "finished", "seconds", "versions", "machine", "git", "data", "earlier", "other"]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_any_value_of_any_key_is_read_right_or_left_out(tmp_path, key, value):
    """And everything that a record is used for goes on: the next command, a report, a comparison."""
    record = provenance.begin(tmp_path, ["optlab"], {"moons": "abc"})
    (tmp_path / "provenance.json").write_text(json.dumps({**record, key: value}))
    read = provenance.load(tmp_path)
    if read is not None:  # else a text that cannot be written
        assert {**read, key: None} == {**json.loads(json.dumps(record)), key: None}
    assert provenance.merge(filter(None, [read, record])) is not None
    assert (
        replay.differences(tmp_path) is not None and _software(read) is not None and facts(read) is not None
    )
    provenance.begin(tmp_path, ["next"], {"moons": "abc"})
    assert provenance.load(tmp_path)["command"] == "next"


def deep(levels):
    return '{"data": ' * levels + "1" + "}" * levels


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"1", b'"text"', b"null", b"\xff\xfe", b"{\"a\": \"\\ud800\"}", deep(30).encode(),
     deep(10**5).encode(), b"[" * 10**6, b"9" * 10**4, b"\0" * 100],
    ids=range(13),
)  # fmt: skip
def test_what_is_no_record_counts_as_none(tmp_path, content):
    (tmp_path / "provenance.json").write_bytes(content)
    assert provenance.load(tmp_path) is None
    provenance.check_format(tmp_path)
    assert provenance.begin(tmp_path, ["optlab"], {})["earlier"] == []


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: os.symlink("/dev/zero", path)])
def test_what_is_no_regular_file_is_no_record(tmp_path, make):
    make(tmp_path / "provenance.json")
    assert provenance.load(tmp_path) is None
    provenance.begin(tmp_path, ["optlab"], {})
    assert provenance.load(tmp_path)["command"] == "optlab"


def test_a_flood_is_no_record(tmp_path):
    with (tmp_path / "provenance.json").open("wb") as file:
        file.truncate(2**30)  # a hole: it takes no room
    assert provenance.load(tmp_path) is None


@pytest.mark.parametrize("number", ["99", '"2"', "null", "[]", "1e300", "9" * 40])
def test_a_format_that_is_not_known_is_refused(tmp_path, number):
    (tmp_path / "provenance.json").write_text(f'{{"format": {number}}}')
    with pytest.raises(UserError, match="install a newer optlab"):
        provenance.check_format(tmp_path)


def test_the_commands_of_a_folder_are_listed_in_their_order_each_once(tmp_path):
    for command in ("first", "second", "first", "third"):
        provenance.begin(tmp_path, [command], {})
    assert provenance.commands(provenance.load(tmp_path)) == ["first", "second", "third"]
    other = {"command": "other", "started": "1", "earlier": [{"command": "before"}]}
    merged = provenance.merge([other, provenance.load(tmp_path)])
    assert provenance.commands(merged) == ["before", "other", "first", "second", "third"]
    assert provenance.commands(None) == []
