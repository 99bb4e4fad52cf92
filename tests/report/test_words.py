import math

import pytest

from optlab.report import words


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0527001, "0.05270"), (1.0, "1.000"), (0, "0"), (-0.5, "−0.5000"), (123456.0, "1.23×10⁵"),
     (2.5e-7, "2.50×10⁻⁷"), (math.nan, "–"), (math.inf, "∞")],
)  # fmt: skip
def test_numbers_have_four_digits(value, text):
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.001, "0.001"), (1e-5, "10⁻⁵"), (3e-6, "3×10⁻⁶"), (10.0, "10")]
)
def test_rates_are_short(value, text):
    assert words.rate(value) == text


def test_a_range_is_only_told_where_there_is_one():
    assert words.spread(1.0, 1.0, 1.0) == "1.000"
    assert words.spread(1.0, 0.9, 1.1) == "1.000 [0.9000, 1.100]"
    assert words.spread(1.0, float("nan"), float("nan")) == "1.000"


def test_names_are_listed_as_in_a_sentence():
    assert [words.listed("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (0.0321, "+3.2 %"),
        (-0.2, "−20 %"),
        (4.6, "+460 %"),
        (31.0, "+3,100 %"),
        (1e-5, "0 %"),
        (math.nan, "–"),
    ],
)
def test_a_change_is_signed_and_short(ratio, text):
    assert words.change(ratio) == text


def test_a_text_has_powers_instead_of_exponents():
    assert words.in_powers("1e-06 of the gap, 2.5e+07 and 0.01") == "10⁻⁶ of the gap, 2.5×10⁷ and 0.01"


@pytest.mark.parametrize(
    ("gap", "text"), [(1.21e-16, "1.3×10⁻¹⁶"), (2e-17, "1.0×10⁻¹⁶"), (3e-13, "3.0×10⁻¹³"), (math.nan, "–")]
)
def test_a_certificate_is_rounded_upwards(gap, text):
    assert words.certificate(gap) == text
