from optlab.cli import pack
from optlab.store import tables
from tests.store.test_packing import sweep


def test_folders_are_packed_and_what_is_none_is_refused(tmp_path, capsys):
    sweep(tmp_path / "a", seeds=1)
    assert pack.main([str(tmp_path)]) == 0
    assert [part.name for part in tables.parts(tmp_path / "a")] == ["packed.parquet"]
    assert pack.main([str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.startswith("optlab: error:")
