import pytest

from optlab.store import read, repair


def test_parts_of_a_stack_without_runs_are_removed_before_training(folder):
    (folder / "runs" / "stack.parquet").unlink()
    (folder / "runs" / ".other.parquet.1234").touch()
    repair.tidy(folder)
    assert not [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("table", ["runs", "trajectories"])
@pytest.mark.parametrize("how", ["cut", "flipped", "gone"])
def test_a_damaged_stack_is_named_and_set_aside(folder, table, how):
    part = folder / table / "stack.parquet"
    content = part.read_bytes()
    if how == "gone" and table == "trajectories":
        part.unlink()
    elif how == "flipped":
        at = 64  # in the first page of values, which a checksum guards
        part.write_bytes(content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :])
    else:
        part.write_bytes(content[: len(content) // 2])
    (told,) = repair.set_damaged_aside(folder)
    assert str(part) in told and "\n" not in told
    assert read.run_ids(folder) == set()
    repair.tidy(folder)
    assert (folder / "runs" / ".damaged-stack.parquet").exists()


def test_an_undamaged_folder_is_left_alone(folder):
    assert repair.set_damaged_aside(folder) == [] and read.run_ids(folder)


def test_damaged_parameters_are_noticed(folder):
    part = folder / "parameters" / "stack.npz"
    part.write_bytes(part.read_bytes()[:100])
    assert str(part) in repair.set_damaged_aside(folder)[0]
