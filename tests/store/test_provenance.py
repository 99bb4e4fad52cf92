import json

from optlab.store import provenance


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
