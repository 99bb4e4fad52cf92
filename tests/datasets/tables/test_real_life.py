"""Tables as people have them: read as a person would, or refused in one line that says what to set."""

import gzip
import io
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from optlab.core.errors import UserError
from optlab.datasets import load
from optlab.datasets.csv import csv


def zipped(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("export/table.csv", data)
    return buffer.getvalue()


GERMAN_EXPORT = """Kunde-ID;Umsatz;Rabatt;Kategorie;Gekündigt
1001;1.234,50;5 %;Privat;ja
1002;980,00;12,5 %;Gewerbe;nein
1003;12.000,75;0 %;Privat;nein
"""

READ: dict[str, tuple[bytes, dict[str, Any], tuple[str, ...], list[float], tuple[str, ...]]] = {
    # file, options, features, first row, classes
    "export of a German spreadsheet": (
        GERMAN_EXPORT.encode("cp1252"),
        {"encoding": "cp1252"},
        ("Umsatz", "Rabatt", "Kategorie=Gewerbe", "Kategorie=Privat"),
        [1234.5, 0.05, 0, 1],
        ("ja", "nein"),
    ),
    "the same in UTF-16 with tabs": (
        GERMAN_EXPORT.replace(";", "\t").encode("utf-16"),
        {},
        ("Umsatz", "Rabatt", "Kategorie=Gewerbe", "Kategorie=Privat"),
        [1234.5, 0.05, 0, 1],
        ("ja", "nein"),
    ),
    "with a byte order mark and a separator line": (
        ("\ufeffsep=;\r\n" + GERMAN_EXPORT.replace("\n", "\r\n")).encode(),
        {"drop_first": True},
        ("Umsatz", "Rabatt", "Kategorie=Privat"),
        [1234.5, 0.05, 1],
        ("ja", "nein"),
    ),
    "zipped by a file manager": (
        zipped(GERMAN_EXPORT.encode()),
        {"ignore": ("Kategorie",)},
        ("Umsatz", "Rabatt"),
        [1234.5, 0.05],
        ("ja", "nein"),
    ),
    "an American price list": (
        b'sku,price,"units, sold",returned\n'
        b'A1,"$1,234.50","12,000",no\nA2,$80,"1,500,000",yes\nA1,$5.25,800,no\n',
        {},
        ("sku=A1", "sku=A2", "price", "units, sold"),
        [1, 0, 1234.5, 12000],
        ("no", "yes"),
    ),
    "pandas with its index": (
        pd.DataFrame({"a": [1.5, 2.5], "b": [3, 4], "y": ["n", "p"]}).to_csv().encode(),
        {},
        ("a", "b"),
        [1.5, 3],
        ("n", "p"),
    ),
    "pandas without names": (
        pd.DataFrame([[1.5, 3, 0], [2.5, 4, 1]]).to_csv(index=False).encode(),
        {},
        ("0", "1"),
        [1.5, 3],
        ("0", "1"),
    ),
    "R's write.table": (
        b'"a" "b" "kind"\n"1" 1.5 3 "n p"\n"2" 2.5 4 "p"\n',
        {},
        ("a", "b"),
        [1.5, 3],
        ("n p", "p"),
    ),
    "columns aligned by blanks": (
        b"  age   size  sick\n   31   1.82     0\n    7   1.20     1\n",
        {},
        ("age", "size"),
        [31, 1.82],
        ("0", "1"),
    ),
    "a French table": (
        "âge;salaire;départ\n31;1\u202f850,50;oui\n45;12\u202f000,00;non\n".encode(),
        {},
        ("âge", "salaire"),
        [31, 1850.5],
        ("non", "oui"),
    ),
    "a Swiss table": (
        "Alter;Lohn;Wechsel\n31;CHF 1’850.50;ja\n45;CHF 12’000.00;nein\n".encode(),
        {},
        ("Alter", "Lohn"),
        [31, 1850.5],
        ("ja", "nein"),
    ),
    "a survey with answers in all cases": (
        b"age,smoker,sick\n31,Yes,Yes\n45,no,no\n50,yes,No\n28,No,yes\n",
        {"drop_first": True},
        ("age", "smoker=Yes"),
        [31, 1],
        ("No", "Yes"),
    ),
    "sensor log with dates": (
        b"time,temp,alarm\n2024-01-05 10:00:00,20.5,0\n2024-01-05 22:00:00,21.5,1\n",
        {"dates": "days"},
        ("time", "temp"),
        [19727 + 10 / 24, 20.5],
        ("0", "1"),
    ),
    "sentinels": (
        b"a,b,y\n1,-999,0\n2,-999.0,1\n3,7,0\n",
        {"missing": "median", "missing_values": (-999,)},
        ("a", "b"),
        [1, np.nan],
        ("0", "1"),
    ),
    "quoted line ends": (
        b'note,a,y\n"two\nlines",1,0\nshort,2,1\n"two\nlines",3,0\n',
        {},
        ("note=short", "note=two\nlines", "a"),
        [0, 1, 1],
        ("0", "1"),
    ),
    "columns at the end that are empty": (b"a,b,y,,\n1,2,0,,\n3,4,1,,\n", {}, ("a", "b"), [1, 2], ("0", "1")),
    "ZIP codes as kinds": (
        b"zip,a,y\n01234,1,0\n99999,2,1\n01234,3,1\n",
        {"categorical": ("zip",)},
        ("zip=01234", "zip=99999", "a"),
        [1, 0, 1],
        ("0", "1"),
    ),
    "old line ends, gzip": (
        gzip.compress(b"a,b,y\r1,2,0\r3,4,1\r", mtime=0),
        {},
        ("a", "b"),
        [1, 2],
        ("0", "1"),
    ),
    "a target in the middle": (
        b"a,y,b\n1,no,2\n3,yes,4\n",
        {"target": "y"},
        ("a", "b"),
        [1, 2],
        ("no", "yes"),
    ),
}


@pytest.mark.parametrize("kind", READ)
def test_tables_of_real_life_are_read_as_a_person_would(write, kind):
    content, options, features, row, classes = READ[kind]
    raw = csv(path=write(content), **options)
    assert (raw.features, raw.classes) == (features, classes)
    np.testing.assert_allclose(raw.x[0], row, rtol=1e-15)


REFUSED = {
    "umlauts in the encoding of Windows": (GERMAN_EXPORT.encode("cp1252"), "set dataset.encoding=cp1252"),
    "dates": (b"day,a,y\n05.01.2024,1,0\n06.01.2024,2,1\n", "set dataset.dates=days"),
    "decimal commas between commas": (b"a,b,y\n1,5,2,0\n2,5,3,1\n", "set dataset.delimiter"),
    "amounts that may be either": (b'amount,y\n"1,500",0\n"2,250",1\n', "set dataset.decimal=comma or"),
    "a line of sums": (b"a,b,y\n1,2,0\n3,4,1\nTotal,6,\n", "set dataset.missing="),
    "a title above the names": (
        b"Report of March\na,b,y\n1,2,0\n3,4,1\n",
        "3 cells, but 1 in the first line; delete what stands above the table",
    ),
    "units in the cells": (b"weight,y\n70 kg,0\n82 kg,1\n", "set dataset.categorical=[weight]"),
    "free text": (
        b"text,y\n" + b"".join(b"message number %d,%d\n" % (k, k % 2) for k in range(50)),
        "set dataset.ignore=[text]",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_tables_in_doubt_are_refused_by_what_to_set(write, kind):
    content, words = REFUSED[kind]
    with pytest.raises(UserError) as refusal:
        csv(path=write(content))
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def million() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    n = 1_000_000
    table = pd.DataFrame(rng.normal(size=(n, 4)).round(4), columns=list("abcd"))
    table["colour"] = np.array(["red", "green", "blue"])[rng.integers(0, 3, n)]
    table["label"] = rng.integers(0, 2, n)
    return table


WRITERS: dict[str, Callable[[pd.DataFrame, str], Any]] = {
    "english": lambda table, path: table.to_csv(path, index=False),
    "german": lambda table, path: table.to_csv(path, index=False, sep=";", decimal=","),
    "parquet": lambda table, path: table.to_parquet(path),
}


@pytest.mark.slow
@pytest.mark.parametrize("writer", WRITERS)
def test_a_million_rows_are_read(tmp_path, writer):
    table = million()
    WRITERS[writer](table, str(tmp_path / "t"))
    loaded = load(
        {"name": "csv", "path": str(tmp_path / "t"), "standardize": False, "validation_fraction": 0}
    )
    assert loaded.train.x.shape == (800_000, 7)
    everything = np.concatenate([loaded.train.x, loaded.test.x])
    np.testing.assert_array_equal(np.sort(everything[:, 0]), np.sort(table["a"]))
