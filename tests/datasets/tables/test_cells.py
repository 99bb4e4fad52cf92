"""Cells of any kind: a column is read as a person would read it, or refused by its cell and with a remedy."""

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.datasets.csv import csv

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}

READ = {  # cells of a column, and the numbers that they are
    "plain": (["1", "-2.5", "+3", ".5", "6.", "1e3", "2E-2"], [1, -2.5, 3, 0.5, 6, 1000, 0.02]),
    "decimal comma": (["30,5", "1,25", "7"], [30.5, 1.25, 7]),
    "decimal comma below 1": (["0,5", ",25", "0,125"], [0.5, 0.25, 0.125]),
    "decimal comma with exponent": (["1,5e3", "2,5E-1", "3"], [1500, 0.25, 3]),
    "negative decimal comma": (["-0,5", "+1,5", "2,0"], [-0.5, 1.5, 2]),
    "english thousands": (["1,234.5", "12", "1,000,000"], [1234.5, 12, 1e6]),
    "indian thousands": (["12,34,567", "1,23,456", "999"], [1234567, 123456, 999]),
    "german thousands": (["1.234,5", "12", "1.000.000"], [1234.5, 12, 1e6]),
    "swiss thousands": (["1'234.50", "12", "1’000"], [1234.5, 12, 1000]),
    "blank between thousands": (["1 234,5", "12", "1 000 000"], [1234.5, 12, 1e6]),
    "narrow blank": (["1\u202f234,5", "12\u00a0000", "7"], [1234.5, 12000, 7]),
    "dollar": (["$15", "$1,234.50", "-$3"], [15, 1234.5, -3]),
    "euro behind": (["15 €", "1.234,50 €", "3€"], [15, 1234.5, 3]),
    "currency code": (["EUR 15", "EUR 2.5", "EUR 3"], [15, 2.5, 3]),
    "currency code behind": (["15 CHF", "2.5 CHF", "3 CHF"], [15, 2.5, 3]),
    "percent": (["15%", "2.5 %", "-3%"], [0.15, 0.025, -0.03]),
    "percent with comma": (["15,5 %", "2,5 %", "3 %"], [0.155, 0.025, 0.03]),
    "single quotes": (["'1.5'", "'2'", "'3'"], [1.5, 2, 3]),
    "text mark of a spreadsheet": (["'1.5", "'2", "'3"], [1.5, 2, 3]),
    "typographic minus": (["−5", "3", "−0.5"], [-5, 3, -0.5]),
    "full-width digits": (["１２", "13", "１４"], [12, 13, 14]),
    "arabic digits": (["٣", "٤", "٥"], [3, 4, 5]),
    "months": (["01", "12", "07"], [1, 12, 7]),
    "surrounding blanks": ([" 1 ", "2\u00a0", "\u200b3"], [1, 2, 3]),
}


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("kind", READ)
def test_numbers_of_any_kind_are_read(write, kind, separator):
    cells, numbers = READ[kind]
    lines = [f'"{cell}"{SEPARATORS[separator]}{"xy"[k % 2]}' for k, cell in enumerate(cells)]
    raw = csv(path=write("\n".join([f"a{SEPARATORS[separator]}b", *lines])))
    np.testing.assert_array_equal(raw.x[:, 0], numbers)
    assert raw.features == ("a",)


REFUSED = {  # cells of a column, and what the refusal names
    "comma that may be either": (["1,500", "2,250", "7"], "'1,500' may have its comma before decimals or"),
    "grouped commas only": (["12,345", "1,000"], "set dataset.decimal=comma or dataset.thousands=comma"),
    "two notations": (["1,5", "2.5", "3"], "'2.5' is in another notation than '1,5'"),
    "two currencies": (["$1", "€2", "$3"], "'€2' has another sign than '$1'"),
    "percent and none": (["15%", "0.2", "3%"], "'0.2' has another sign than '15%'"),
    "unit": (["15 kg", "16 kg", "7 kg"], "'15 kg' is a number with a unit"),
    "unit without blank": (["15cm", "16cm", "7cm"], "'15cm' is a number with a unit"),
    "unit of two words": (["15 m/s", "16 m/s", "7 m/s"], "'15 m/s' is a number with a unit"),
    "degrees": (["15°", "16°", "7°"], "'15°' is a number with a unit"),
    "magnitudes": (["10k", "1.5M", "3k"], "'10k' is a number with a unit"),
    "below a limit": (["<5", "<10", "<0.5"], "'<5' looks like a number"),
    "above a limit": ([">5", "≥10", ">0.5"], "'>5' looks like a number"),
    "some below a limit": (["0.7", "<0.5", "1.5"], "text '<0.5' in a column of numbers"),
    "about": (["~5", "~6", "~7"], "'~5' looks like a number"),
    "fractions": (["1/2", "3/4", "5/8"], "'1/2' looks like a number"),
    "hexadecimal": (["0x1F", "0x2A", "0x00"], "'0x1F' looks like a number"),
    "Fortran's exponent": (["1.5D+03", "2.5D+01", "1D0"], "'1.5D+03' looks like a number"),
    "power of ten": (["1.5×10^3", "2.5×10^4", "1×10^2"], "'1.5×10^3' looks like a number"),
    "versions": (["1.2.3", "1.2.4", "2.0.1"], "'1.2.3' looks like a number"),
    "accountants' minus": (["15", "20", "(3)"], "text '(3)' in a column of numbers"),
    "only accountants' minus": (["(15)", "(20)", "(3)"], "'(15)' looks like a number"),
    "minus behind": (["15-", "20-", "3-"], "'15-' is a number with a unit"),
    "underscores": (["1_000", "2_000", "3_000"], "'1_000' looks like a number"),
    "degrees and minutes": (["48°12'", "47°10'"], "looks like a number"),
    "vulgar fractions": (["½", "¼", "2½"], "looks like a number"),
    "addresses": (["192.168.100.200", "192.168.100.201"], "looks like a number"),
    "telephones": (["+49 30 1234", "+49 30 4321"], "looks like a number"),
    "dates in other languages": (["5. Januar 2024", "6. März 2024"], "looks like a date in words"),
    "dates in French": (["5 janvier 2024", "6 février 2024"], "looks like a date in words"),
    "codes": (["01234", "12345", "99999"], "'01234' begins with a zero as codes do"),
    "codes of unequal length": (["007", "12", "1"], "'007' begins with a zero"),
    "ISO dates": (["2024-01-05", "2024-02-05", "2024-03-05"], "'2024-01-05' is a date or a time"),
    "ISO times with zone": (["2024-01-05T10:00:00Z", "2024-02-05T10:00:00Z"], "is a date or a time"),
    "German dates": (["05.01.2024", "06.01.2024", "31.12.2023"], "'05.01.2024' is a date or a time"),
    "American dates": (["1/5/2024", "12/31/2023", "2/1/2024"], "'1/5/2024' is a date or a time"),
    "dates in words": (["5 Jan 2024", "6 Feb 2024", "7 Mar 2024"], "is a date or a time"),
    "compact dates": (["20240105", "20240229", "19991231"], "'20240105' is a date or a time"),
    "months of years": (["2024-01", "2024-02", "2023-12"], "is a date or a time"),
    "times of day": (["10:30", "11:45", "23:59"], "'10:30' is a date or a time"),
    "a slip among numbers": (["1", "2", "oops", "4"], "text 'oops' in a column of numbers"),
    "two numbers in a cell": (["1", "2", "3 4", "5"], "text '3 4' in a column of numbers"),
    "a dash for nothing": (["1.5", "-", "2.5"], "text '-' in a column of numbers"),
    "none for nothing": (["1.5", "None", "2.5"], "text 'None' in a column of numbers"),
    "an error of a spreadsheet": (["1.5", "#REF!", "2.5"], "text '#REF!' in a column of numbers"),
    "a number among texts": (["red", "blue", "7", "green"], "number '7' in a column of texts"),
    "infinity": (["1", "inf", "3"], "inf is not a finite number"),
    "minus infinity": (["1", "-Infinity", "3"], "-Infinity is not a finite number"),
    "an exponent too large": (["1", "1e999", "3"], "'1e999' is not a finite number"),
    "too many digits": (["1", "9" * 5000, "3"], "is not a finite number"),
    "two signs": (["1", "--5", "3"], "text '--5' in a column of numbers"),
    "two points": (["1", "1..5", "3"], "text '1..5' in a column of numbers"),
    "wrong groups": (["1", "1,2,3.4", "3"], "text '1,2,3.4' in a column of numbers"),
    "an empty cell": (["1", "", "3"], "empty cell; fill it in, or set dataset.missing=mean, median or drop"),
    "a missing value": (["1", "N/A", "3"], "missing value 'N/A'"),
    "upper and lower case": (["Red", "red", "blue", "Red"], "'Red' (2 rows) and 'red' (1) differ in upper"),
    "blanks": (["New York", "New  York", "Rome"], "differ in upper and lower case or blanks only"),
    "sexes in two cases": (["m", "f", "M", "F"], "differ in upper and lower case"),
    "texts that tell rows apart": ([f"id {k}" for k in range(30)], "holds 30 different texts in 30 rows"),
}


@pytest.mark.parametrize("separator", ["comma", "tab"])
@pytest.mark.parametrize("kind", REFUSED)
def test_cells_in_doubt_are_refused_with_place_and_remedy(write, tmp_path, kind, separator):
    cells, words = REFUSED[kind]
    lines = [f'"{cell}"{SEPARATORS[separator]}{"xy"[k % 2]}' for k, cell in enumerate(cells)]
    path = write("\n".join([f"a{SEPARATORS[separator]}b", *lines]))
    with pytest.raises(UserError) as refusal:
        csv(path=path, header=True)
    message = str(refusal.value)
    assert words in message
    assert message.startswith(path)
    assert "('a')" in message or "'a'" in message
    assert ";" in message and "\n" not in message
    assert [file.name for file in tmp_path.iterdir()] == ["t.csv"], "nothing is written"


@pytest.mark.parametrize(
    "cells, options, numbers",
    [
        (["1,500", "2,250"], {"decimal": "comma"}, [1.5, 2.25]),
        (["1,500", "2,250"], {"thousands": "comma"}, [1500, 2250]),
        (["1.500", "2.250"], {"thousands": "point"}, [1500, 2250]),
        (["1.500", "2.250"], {"decimal": "comma"}, [1500, 2250]),
        (["1.500", "950"], {"decimal": "point"}, [1.5, 950]),
        (["1 500", "2 250"], {"thousands": "space"}, [1500, 2250]),
        (["2024-01-05", "1970-01-02"], {"dates": "days"}, [19727, 1]),
        (["05.01.2024", "02.01.1970"], {"dates": "days"}, None),
        (["13.01.1970", "02.01.1970"], {"dates": "days"}, [12, 1]),
        (["1/13/1970", "1/2/1970"], {"dates": "days"}, [12, 1]),
        (["1970-01-02 12:00", "1970-01-01 06:00"], {"dates": "days"}, [1.5, 0.25]),
        (["1970-01-02T12:00:00+00:00", "1970-01-02T13:00:00+01:00"], {"dates": "days"}, [1.5, 1.5]),
        (["19700102", "19700103"], {"dates": "days"}, [1, 2]),
        (["12:00", "06:00"], {"dates": "days"}, [0.5, 0.25]),
        (["1", "-999"], {"missing": "mean", "missing_values": (-999.0,)}, [1, np.nan]),
        (["1", "-999.0"], {"missing": "mean", "missing_values": ("-999",)}, [1, np.nan]),
        (["1.5", "-999,00"], {"missing": "mean", "missing_values": (-999,)}, [1.5, np.nan]),
    ],
)
def test_options_decide_what_is_in_doubt(write, cells, options, numbers):
    lines = [f'"{cell}";{"xy"[k % 2]}' for k, cell in enumerate(cells)]
    path = write("\n".join(["a;b", *lines]))
    if numbers is None:
        numbers = [19727, 1]  # a point stands in dates with the day first
    np.testing.assert_array_equal(csv(path=path, **options).x[:, 0], numbers)


def test_a_notation_that_does_not_fit_the_option_is_refused(write):
    path = write("a;b\n1,5;x\n2.5;y\n", "t.csv")
    with pytest.raises(UserError, match=r"line 3, .*'2\.5' is no number with dataset\.decimal=comma"):
        csv(path=path, decimal="comma")


def test_another_column_proves_the_decimal_comma(write):
    raw = csv(path=write("a;b;c\n1,500;30,5;x\n2,250;1,25;y\n"))
    np.testing.assert_array_equal(raw.x, [[1.5, 30.5], [2.25, 1.25]])
    with pytest.raises(UserError, match=r"'1\.500' may have its point before decimals or between thousands"):
        csv(path=write("a;b;c\n1.500;30,5;x\n2.250;1,25;y\n"))


def test_points_between_semicolons_are_in_doubt_unless_another_column_proves_them(write):
    with pytest.raises(UserError, match=r"'1\.500' may have its point before decimals"):
        csv(path=write("a;b\n1.500;x\n2.250;y\n"))
    raw = csv(path=write("a;b;c\n1.500;0.5;x\n2.250;0.25;y\n"))
    np.testing.assert_array_equal(raw.x, [[1.5, 0.5], [2.25, 0.25]])


def test_dates_may_have_the_day_or_the_month_first(write):
    path = write("a,b\n1/2/2024,x\n3/4/2024,y\n")
    with pytest.raises(UserError, match="'1/2/2024' may have the day or the month first"):
        csv(path=path, dates="days")


def test_columns_of_dates_can_be_left_out(write):
    raw = csv(path=write("a,d,b\n1,2024-01-05,x\n2,2024-02-05,y\n"), dates="ignore")
    assert raw.features == ("a",)
    assert "left out (dates): d" in raw.notes[0]


def test_the_first_kind_of_each_column_can_be_left_out(write):
    raw = csv(path=write("c,d,b\nred,1,x\nblue,2,y\ngreen,3,x\n"), drop_first=True)
    assert raw.features == ("c=green", "c=red", "d")
    np.testing.assert_array_equal(raw.x[:, :2], [[0, 1], [0, 0], [1, 0]])


def test_ranges_of_numbers_are_kinds(write):
    raw = csv(path=write("age,b\n18-24,x\n25-34,y\n65+,x\n"))
    assert raw.features == ("age=18-24", "age=25-34", "age=65+")


def test_truth_in_any_case_is_two_kinds(write):
    raw = csv(path=write("a,b\nYes,1\nyes,0\nNo,1\nno,0\nYes,0\n"))
    assert raw.features == ("a=No", "a=Yes")
