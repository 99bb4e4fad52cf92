"""Separators, headers, row numbers: what the rows of a text are taken for."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.datasets.csv import csv


@pytest.mark.parametrize(
    "text, x",
    [
        ("30,5;41;1\n12,25;3;0\n", [[30.5, 41], [12.25, 3]]),
        ("30,5;1\n12,25;0\n", [[30.5], [12.25]]),
        ("1,5;2,5;0\n3,5;4,5;1\n", [[1.5, 2.5], [3.5, 4.5]]),
        ("1,5\t2,5\t0\n3,5\t4,5\t1\n", [[1.5, 2.5], [3.5, 4.5]]),
        ("1,5 2,5 0\n3,5 4,5 1\n", [[1.5, 2.5], [3.5, 4.5]]),
        ("1 2 0\n3 4 1\n", [[1, 2], [3, 4]]),
        ("  1   2.5\t 0 \n 3 4  1\n", [[1, 2.5], [3, 4]]),
        ("1, 2, 0\n3, 4, 1\n", [[1, 2], [3, 4]]),
        ("a b,c\n1 234,0\n2 000,1\n", [[1234], [2000]]),
        ("1|2|0\n3|4|1\n", [[1, 2], [3, 4]]),
        ("a;c\n1,5 €;0\n2,50 €;1\n", [[1.5], [2.5]]),
        ("a,b;c\n1,5;0\n2,5;1\n", [[1.5], [2.5]]),
        ("sep=;\n1;2;0\n3;4;1\n", [[1, 2], [3, 4]]),
        ("1,2,0,\n3,4,1,\n", [[1, 2], [3, 4]]),
        ("a,b,c,\n1,2,0,\n3,4,1,\n", [[1, 2], [3, 4]]),
        ("a,b,c\n1,2,0,\n3,4,1,\n", [[1, 2], [3, 4]]),
        ("1,2,0\r\r3,4,1\r", [[1, 2], [3, 4]]),
        ("\n\n1,2,0\n\n3,4,1\n\n", [[1, 2], [3, 4]]),
        ('"1","2","0"\n"3","4","1"\n', [[1, 2], [3, 4]]),
        ('a,"b\nb",c\n1,2,0\n3,4,1\n', [[1, 2], [3, 4]]),
    ],
)
def test_what_divides_the_cells_is_found_out(write, text, x):
    raw = csv(path=write(text))
    np.testing.assert_array_equal(raw.x, x)
    assert raw.classes == ("0", "1")


@pytest.mark.parametrize(
    "text, features, rows",
    [
        ("0,1,label\n5,6,yes\n7,8,no\n3,4,yes\n2,2,no\n", ("0", "1"), 4),
        ("1990,1991,label\n5,6,yes\n7,8,no\n3,4,yes\n2,2,no\n", ("1990", "1991"), 4),
        ("0,1,2\n5,6,1\n7,8,0\n", ("0", "1"), 2),
        ("age,2020,label\n5,6,1\n7,8,0\n", ("age", "2020"), 2),
        ("1stFlr,3Ssn,label\n5,6,1\n7,8,0\n", ("1stFlr", "3Ssn"), 2),
        ("age;size;label\n5,5;6;ja\n7,5;8;nein\n", ("age", "size"), 2),
        ("age,born,label\n5,1,yes\n7,,no\n", ("age", "born"), 2),
        ("1,2,x\n3,4,y\n", ("x1", "x2"), 2),
        ("30,5;41,5;ja\n1,5;2,5;nein\n", ("x1", "x2"), 2),
        ("5 %,x\n7 %,y\n", ("x1",), 2),
        ("$5,x\n$7,y\n", ("x1",), 2),
    ],
)
def test_a_header_is_recognised_also_by_names_that_are_numbers(write, text, features, rows):
    raw = csv(path=write(text), missing="mean")
    assert (raw.features, len(raw.y)) == (features, rows)


@pytest.mark.parametrize(
    "text, words",
    [
        (
            "oops,3,x\n1,2,y\n2,5,x\n",
            "'oops' stands above numbers as a name does, but 'x' occurs again below",
        ),
        ("1990,1991,1992\n0.5,1.5,0\n1.5,2.5,1\n3.5,2.0,1\n", "whole numbers above fractions"),
        ("0,1,label\n5,6,yes\n7,8,no\n", "may be names or a row"),
    ],
)
def test_a_first_line_in_doubt_is_refused(write, text, words):
    with pytest.raises(UserError) as refusal:
        csv(path=write(text))
    assert words in str(refusal.value)
    assert "set dataset.header=true or false" in str(refusal.value)
    assert csv(path=write(text), header=True, missing="mean").x.shape[0] > 0


def numbered(name: str, count: int = 25, start: int = 1) -> str:
    header = [f"{name},a,label"] * (name != "-")
    return "\n".join([*header, *(f"{k + start},{k % 3}.5,{k % 2}" for k in range(count))])


@pytest.mark.parametrize(
    "name", ["", "id", "ID", "PassengerId", "customer_id", "Unnamed: 0", "index", "row", "-"]
)
@pytest.mark.parametrize("start", [0, 1])
def test_row_numbers_and_identifiers_are_left_out_and_named(write, name, start):
    raw = csv(path=write(numbered(name, start=start)))
    assert raw.features == ("x2" if name == "-" else "a",)
    assert "left out (" in raw.notes[0]


@pytest.mark.parametrize("name", ["humid", "age", "grid", "paid"])
def test_a_named_column_that_counts_is_a_feature_and_named(write, name):
    raw = csv(path=write(numbered(name)))
    assert raw.features == (name, "a")
    assert f"counts the rows; a feature unless dataset.ignore names it: {name}" in raw.notes[0]


def test_names_of_rows_as_r_writes_them_are_left_out(write):
    raw = csv(path=write("a b label\nr1 1 2 x\nr2 3 4 y\n"))
    assert raw.features == ("a", "b")


def test_identifiers_are_the_feature_where_there_is_no_other(write):
    assert csv(path=write("id,label\n1,x\n5,y\n9,x\n")).features == ("id",)


def test_notes_say_what_was_taken_for_what(write):
    path = write("id;Preis;Farbe;Kauf\n7;1,5;rot;ja\n9;2,5;blau;nein\n8;3,5;rot;ja\n")
    assert csv(path=path).notes == (
        f"{path}: semicolon-separated, with a header, 3 rows; columns: 1 of numbers, 1 of kinds; classes of "
        "'Kauf': ja, nein; decimal comma: Preis; left out (identifiers): id",
    )


@pytest.mark.parametrize(
    "text, options, words",
    [
        ("a,b\n1,5,0\n2,5,1\n", {}, "line 2: 3 cells, but 2 in the first line"),
        ("0 1:2 3:4\n1 2:5\n", {}, "a file in LIBSVM's format; set dataset=libsvm"),
        ("1,2\n3\n", {}, "line 2: 1 cells, but 2 in the first line"),
        ("a,b,c\n1,2,3\n4,5\n6,7,8\n", {}, "line 3: 2 cells"),
        ('a,b\n"1,2\n', {}, "not CSV"),
        ('a,b\n"1"2,3\n', {}, "not CSV"),
        ("a,a\n1,2\n", {}, "two columns are called 'a'"),
        ("", {}, "no rows"),
        ("\ufeff", {}, "no rows"),
        ("\n \n", {}, "no rows"),
        ("a,b\n", {}, "no rows below the header"),
        ("a\n1\n2\n", {}, "no column is left besides the target"),
        ("a,b\n1,0\n2,0\n", {}, "one class only"),
        ("a,b\n" + "é" * 200_000 + ",0\n", {}, "field larger than field limit"),
        ("a,b\n1,0\n2,1\n", {"delimiter": "semicolon"}, "no column is left"),
        ("a,b\n1,0\n2,1\n", {"target": "c"}, "dataset.target=c: "),
        ("a,b\n1,0\n2,1\n", {"target": 7}, "dataset.target=7: "),
        ("a,b\n1,0\n2,1\n", {"ignore": ("a",)}, "no column is left"),
        ("a,b\n1,0\n2,1\n", {"ignore": ("q",)}, "dataset.ignore=q: "),
        ("a,b\n1,0\n2,1\n", {"categorical": ("q",)}, "dataset.categorical=q: "),
        ("a,b\n1,0\n2,1\n", {"encoding": "klingon"}, "dataset.encoding=klingon: there is no such encoding"),
        ("a,b\n1,0\n2,1\n", {"encoding": "base64"}, "dataset.encoding=base64: there is no such encoding"),
        (b"a,b\n1,caf\xe9\n2,x\n", {}, "line 2: not UTF-8 text; set dataset.encoding=cp1252"),
        (b"a,b\n1,\x81\n2,x\n", {"encoding": "cp1252"}, "line 2: not CP1252 text; set another"),
        ("a,b\n1,0\n2,1\n".encode("utf-16-le"), {}, "set dataset.encoding=utf-16"),
        (b"a,b\n1,0\x00\n2,1\n", {}, "line 2: holds NUL characters"),
        (b"\xff\xfea\x00,\x00b", {}, "not UTF-16 text"),
    ],
)
def test_malformed_texts_are_refused(write, text, options, words):
    with pytest.raises(UserError) as refusal:
        csv(path=write(text), **options)
    assert words in str(refusal.value)
    assert ";" in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "latin-1", "shift_jis", "koi8-r"])
def test_encodings_are_read(write, encoding):
    city = {"shift_jis": "東京", "koi8-r": "Москва"}.get(encoding, "Zürich")
    named = {} if encoding.startswith("utf") else {"encoding": encoding}
    raw = csv(path=write(f"a,b\n1,{city}\n2,x\n".encode(encoding)), **named)
    assert city in raw.classes
