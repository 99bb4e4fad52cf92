"""Signatures as schemas."""

from typing import Literal

import pytest

from optlab.core.errors import UserError
from optlab.core.options import (
    Count,
    Fraction,
    Index,
    NonNegative,
    Positive,
    check_precision,
    conform,
    describe,
    number_options,
)


def factory(
    n: object,
    /,
    lr: Positive = 0.1,
    beta: Fraction = 0.9,
    eps: NonNegative = 0.0,
    count: Count = 1,
    seed: Index = 0,
    flag: bool = False,
    kind: Literal["a", "b"] = "a",
    sizes: list[Count] = [3],  # noqa: B006
    every: Count | Literal["epoch"] | None = None,
) -> None:
    """Stands for any factory of the registries."""


def test_defaults_are_filled_in():
    assert conform({}, factory, "x")["beta"] == 0.9


@pytest.mark.parametrize("digits", [20, 30, 400, 5000])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("name", ["lr", "count", "seed"])
def test_whole_numbers_beyond_64_bits_are_too_large(name, sign, digits):
    value = sign * 10**digits
    with pytest.raises(
        UserError, match=rf"^optimizer.{name}=-?\d.*too large; set optimizer.{name} below 2\^63$"
    ):
        conform({name: value}, factory, "optimizer")


def test_a_long_value_is_shortened_in_messages():
    with pytest.raises(UserError) as error:
        conform({"kind": "x" * 10_000}, factory, "optimizer")
    assert len(str(error.value)) < 200


@pytest.mark.parametrize(
    ("options", "becomes"),
    [({"lr": 1e-50}, "0"), ({"lr": 1e39}, "inf"), ({"beta": 1 - 1e-9}, "1"), ({"eps": 1e-60}, "0")],
)
def test_numbers_that_leave_their_range_in_float32_are_refused(options, becomes):
    options = conform(options, factory, "x")
    check_precision(options, factory, "x", "float64")
    with pytest.raises(UserError, match=f"^x.* dtype=float32: the number is {becomes} in this precision"):
        check_precision(options, factory, "x", "float32")


def test_numbers_that_float32_holds_are_taken():
    check_precision(conform({"lr": 1e-30}, factory, "x"), factory, "x", "float32")


def test_whole_numbers_become_floats_where_floats_are_asked_for():
    lr = conform({"lr": 1}, factory, "x")["lr"]
    assert (lr, type(lr)) == (1.0, float)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lr", 0), ("lr", -1.0), ("lr", "abc"), ("lr", True), ("lr", None), ("lr", float("nan")),
        ("beta", 1.0), ("beta", -0.1), ("eps", -1e-9), ("count", 0), ("count", 1.5), ("seed", -1),
        ("flag", 1), ("flag", "yes"), ("kind", "c"), ("sizes", 0), ("sizes", [3, 0]), ("sizes", "three"),
        ("every", 0), ("every", "step"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_named_with_its_key_and_the_range(name, value):
    with pytest.raises(UserError) as error:
        conform({name: value}, factory, "optimizer")
    message = str(error.value)
    assert message.startswith(f"optimizer.{name}=")
    assert "must be" in message
    assert "\n" not in message


def test_a_number_is_a_list_of_one():
    assert conform({"sizes": 3}, factory, "x") == conform({"sizes": [3]}, factory, "x")
    with pytest.raises(UserError, match=r"x\.sizes=true: must be a list"):
        conform({"sizes": True}, factory, "x")


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [("lr", "0.5", 0.5), ("lr", "1e-3", 0.001), ("count", "7", 7), ("beta", " 0 ", 0.0), ("every", "10", 10)],
)
def test_a_text_that_is_a_number_is_read_as_from_an_environment_variable(name, text, number):
    value = conform({name: text}, factory, "x")[name]
    assert (value, type(value)) == (number, type(number))


@pytest.mark.parametrize(
    ("name", "text"),
    [("lr", "-1"), ("lr", "1_0"), ("lr", "0,5"), ("count", "1.5"), ("lr", "inf"), ("lr", "\u0661")],
)
def test_other_texts_are_no_numbers(name, text):
    with pytest.raises(UserError, match="must be"):
        conform({name: text}, factory, "x")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lr", 1e-9),
        ("beta", 0),
        ("eps", 0),
        ("kind", "b"),
        ("sizes", []),
        ("every", "epoch"),
        ("every", None),
    ],
)
def test_values_in_range_are_accepted(name, value):
    assert conform({name: value}, factory, "x")[name] == value


def test_an_unknown_key_suggests_the_nearest():
    with pytest.raises(UserError, match=r"optimizer\.bta=0\.5: .* did you mean 'beta'\?"):
        conform({"bta": 0.5}, factory, "optimizer")


def test_a_missing_option_is_named():
    def needs(path: str) -> None: ...

    with pytest.raises(UserError, match=r"dataset\.path is missing"):
        conform({}, needs, "dataset")


def test_positional_parameters_are_no_options():
    with pytest.raises(UserError, match="no option 'n'"):
        conform({"n": 3}, factory, "x")


def test_numbers_that_may_differ_between_runs_are_the_floats():
    assert number_options(factory) == {"lr", "beta", "eps"}


def test_annotations_are_described_in_words():
    assert describe(Fraction) == "a number in [0, 1)"
    assert describe(Count | Literal["epoch"] | None) == "a whole number at least 1 or one of epoch or null"
