"""The door of a result folder: what has other columns, types, cells, rows or bytes is named, never read."""

import json
import math
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from optlab.core.errors import UserError
from optlab.store import columns, read, repair
from optlab.store.check import CHECKSUMS, checksum
from optlab.store.columns import REAL, RUNS, TEXT, TRAJECTORIES, WHOLE

SCHEMAS = {"runs": RUNS, "trajectories": TRAJECTORIES}
COLUMNS = [(table, name) for table, schema in SCHEMAS.items() for name in schema.names]
NEEDED = [
    (table, name)
    for table, name in COLUMNS
    if name not in (*columns.OUTCOMES, *columns.RECORDED, "lr", "batch_size", "overrides")
    or name in ("final_train_cost", "train_cost")
]
NUMBERS = [(table, name) for table, name in COLUMNS if SCHEMAS[table].field(name).type != TEXT]


@pytest.fixture
def doctor(folder):
    """Rewrites a table without its checksums, which would tell at once; returns the path of the part."""

    def doctored(table, change):
        part = folder / table / "stack.parquet"
        pq.write_table(change(pq.read_table(part)).replace_schema_metadata(None), part)
        return part

    return doctored


def replaced(name, cells, kind=None):
    """A change of one column: `cells` of its values, as a list."""
    return lambda table: table.set_column(
        table.column_names.index(name), name, pa.array(cells(table[name].to_pylist()), kind)
    )


def refused(folder, part):
    """What the three readers of a folder say of it: one line, the same from all."""
    with pytest.raises(read.Damaged) as error:
        read.stack(folder, folder / "runs" / "stack.parquet")
    with pytest.raises(UserError, match=r"trains its runs again$"):
        read.load(folder)
    told = repair.damage(folder, folder / "runs" / "stack.parquet")
    assert told == error.value.what and "\n" not in str(error.value)
    assert told.startswith(f"{part}: ")
    return told


@pytest.mark.parametrize(("table", "name"), COLUMNS)
def test_a_column_of_another_type_is_refused(folder, doctor, table, name):
    other = 1.5 if SCHEMAS[table].field(name).type == TEXT else "much"
    part = doctor(table, replaced(name, lambda cells: [other] * len(cells)))
    assert f"column {name} holds" in refused(folder, part)


@pytest.mark.parametrize(("table", "name"), COLUMNS)
def test_a_column_of_lists_is_refused(folder, doctor, table, name):
    part = doctor(table, replaced(name, lambda cells: [[cell] for cell in cells]))
    assert f"column {name} holds list" in refused(folder, part)


@pytest.mark.parametrize(("table", "name"), NEEDED)
def test_an_empty_cell_is_refused_where_none_may_be(folder, doctor, table, name):
    part = doctor(table, replaced(name, lambda cells: [None, *cells[1:]], SCHEMAS[table].field(name).type))
    assert f"column {name} has empty cells" in refused(folder, part)


@pytest.mark.parametrize(("table", "name"), NEEDED)
def test_a_missing_column_is_refused(folder, doctor, table, name):
    part = doctor(table, lambda content: content.drop_columns(name))
    assert f"has no column {name}" in refused(folder, part)


@pytest.mark.parametrize(("table", "name"), COLUMNS)
def test_a_renamed_column_is_refused(folder, doctor, table, name):
    strange = f"{name[:-1]}~"
    part = doctor(table, lambda content: content.rename_columns({name: strange}))
    assert f"unknown column '{strange}'" in refused(folder, part)


@pytest.mark.parametrize(
    ("table", "name", "cell"),
    [
        *((table, name, -1) for table, name in NUMBERS if name in ("step", "steps", "stack_size", "epoch")),
        *((table, name, math.inf) for table, name in NUMBERS if name in ("lr", "seconds", "epoch", "epochs")),
        *((table, name, math.nan) for table, name in NUMBERS if name in ("seconds", "epoch", "epochs")),
        *(("runs", "final_train_cost", cell) for cell in (math.inf, -math.inf, math.nan)),
        *(("runs", "status", cell) for cell in ("", "Completed", "running")),
        *(("runs", name, "other") for name in ("dataset", "model", "optimizer")),
        ("runs", "seed", 99),
        ("runs", "steps", 3),
        ("runs", "stack_size", 2),
        ("runs", "run_id", "run1"),
        ("runs", "run_id", "other"),
        ("trajectories", "run_id", "run1"),
        ("trajectories", "run_id", "other"),
        ("trajectories", "step", 1),
    ],
)
def test_a_cell_that_contradicts_the_others_is_refused(folder, doctor, table, name, cell):
    kind = SCHEMAS[table].field(name).type
    part = doctor(table, replaced(name, lambda cells: [cell, *cells[1:]], kind))
    refused(
        folder,
        folder / "trajectories" / part.name if cell in ("other", 3) and name in ("run_id", "steps") else part,
    )


@pytest.mark.parametrize("table", SCHEMAS)
@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.slice(0, 0),
        lambda content: content.slice(1),
        lambda content: content.slice(0, content.num_rows - 1),
        lambda content: pa.concat_tables([content, content]),
        lambda content: pa.concat_tables([content, content.slice(0, 1)]),
        lambda content: pa.concat_tables([content.slice(1), content.slice(0, 1)]),
    ],
    ids=["none", "all but the first", "all but the last", "all twice", "one twice", "another order"],
)
def test_rows_that_are_missing_or_stand_there_twice_are_refused(folder, doctor, table, change, request):
    part = doctor(table, change)
    if table == "runs" and "another order" in request.node.callspec.id:
        assert read.load(folder).runs["run_id"].tolist() == ["run1", "run2", "run0"]
    else:
        refused(folder, part)


@pytest.mark.parametrize("table", SCHEMAS)
def test_a_column_that_stands_there_twice_is_refused(folder, doctor, table):
    part = doctor(table, lambda content: content.append_column("run_id", content["run_id"]))
    assert "twice" in refused(folder, part)


def deep(levels):
    return "[" * levels + "]" * levels


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "1", '"text"', "{}", "NaN", deep(100), deep(100_000),
        '{"a": ' + deep(100_000) + "}",
        '{"dataset": [], "model": {}, "optimizer": {}, "training": {}, "seed": 0}',
        '{"dataset": "moons", "model": "logistic", "optimizer": "mine", "training": null, "seed": 0}',
        '{"dataset": {"name": ["moons"]}, "model": {"name": {}}, "optimizer": {}, "training": {}, "seed": 0}',
    ],
    ids=range(14),
)  # fmt: skip
def test_a_configuration_that_is_none_is_refused(folder, doctor, text):
    part = doctor("runs", replaced("config", lambda cells: [text, *cells[1:]]))
    assert "the configuration of run run0" in refused(folder, part)


@pytest.mark.parametrize("value", [json.loads(deep(30)), "\ud800", {"\udfff": 1}])
def test_an_option_that_no_page_can_show_is_refused(folder, doctor, value):
    def change(cells):
        return [json.dumps({**json.loads(cells[0]), "training": {"batch_size": value}}), *cells[1:]]

    assert "is no mapping of options" in refused(folder, doctor("runs", replaced("config", change)))


def test_a_huge_text_is_refused_before_it_is_read(folder, doctor):
    part = doctor("runs", replaced("overrides", lambda cells: [os.urandom(2**20).hex() * 10, *cells[1:]]))
    assert "MiB, which no runs do" in refused(folder, part)


@pytest.mark.parametrize("wide", [False, True])
def test_other_types_of_the_same_values_are_read(folder, doctor, wide):
    before = read.load(folder)
    kinds = {
        TEXT: pa.large_string() if wide else pa.dictionary(pa.int32(), pa.string()),
        WHOLE: REAL if wide else pa.int32(),
        REAL: REAL,
    }
    for table, schema in SCHEMAS.items():
        doctor(table, lambda t, s=schema: t.cast(pa.schema([(f.name, kinds[f.type]) for f in s])))
    after = read.load(folder)
    assert after.runs.equals(before.runs) and after.trajectories.equals(before.trajectories)


def test_whole_numbers_that_pandas_has_written_as_real_ones_are_read(folder):
    before = read.load(folder).runs
    part = folder / "runs" / "stack.parquet"
    before.to_parquet(part)
    assert read.load(folder).runs.equals(before)


@pytest.mark.parametrize(("table", "name"), COLUMNS)
def test_a_changed_cell_is_told_by_the_checksum_of_its_column(folder, table, name):
    part = folder / table / "stack.parquet"
    content = pq.read_table(part)
    kind = content.schema.field(name).type
    cells = content[name].to_pylist()
    cells[-1] = f"{cells[-1]} " if kind == TEXT else 12345
    at = content.column_names.index(name)
    pq.write_table(content.set_column(at, name, pa.array(cells, kind)), part)
    assert f"column {name} is not as it was written" in refused(folder, part)


def test_checksums_that_are_none_are_refused(folder):
    part = folder / "runs" / "stack.parquet"
    for text in (b"{", b"[1]", b"{}", b'{"run_id": "x"}'):
        content = pq.read_table(part)
        pq.write_table(content.replace_schema_metadata({CHECKSUMS: text}), part)
        refused(folder, part)


def test_a_checksum_does_not_depend_on_how_cells_are_stored():
    cells = pa.array(["a", None, "b", "a"])
    assert checksum(pa.chunked_array([cells])) == checksum(pa.chunked_array([cells[:1], cells[1:]]))
    assert checksum(pa.chunked_array([cells])) != checksum(pa.chunked_array([pa.array(["a", "", "b", "a"])]))


@pytest.mark.parametrize("table", SCHEMAS)
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/zero", path)])
def test_what_is_no_regular_file_is_refused(folder, table, make):
    part = folder / table / "stack.parquet"
    part.unlink()
    make(part)
    assert "no regular file" in refused(folder, part)
