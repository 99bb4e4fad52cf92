"""A docstring in the house's order, in parts."""

from optlab.core.docstring import explained, parse
from optlab.core.options import Positive


def method(lr: Positive = 0.1, momentum: float | None = None, *, name: str) -> None:
    """One line.

        v <- m v + g
        w <- w - lr v

    A remark
    in two lines.

    Args:
        lr, momentum: numbers of
            the method.
        name: its name.

    Reference: somebody, 1964.
    """


def test_its_parts_are_found():
    doc = parse(method.__doc__)
    assert doc.summary == "One line." and doc.reference == "somebody, 1964."
    assert doc.equations == "v <- m v + g\nw <- w - lr v"
    assert [block.text for block in doc.body if not block.is_equation] == ["A remark in two lines."]
    assert doc.options == {
        "lr": "numbers of the method.",
        "momentum": "numbers of the method.",
        "name": "its name.",
    }


def test_an_explanation_has_equations_defaults_and_ranges():
    lines = explained("optimizer", method).splitlines()
    assert lines[0] == "optimizer=method" and "    w <- w - lr v" in lines
    assert "  optimizer.lr = 0.1  (a number above 0)  numbers of the method." in lines
    assert "  optimizer.momentum = null  (a number or null)  numbers of the method." in lines
    assert any(line.startswith("  optimizer.name to be given") for line in lines)
    assert lines[-1] == "Reference: somebody, 1964."


def test_a_function_without_a_docstring_has_options_only():
    def bare(lr: float = 1.0): ...

    assert explained("optimizer", bare).splitlines()[-1].startswith("  optimizer.lr = 1.0")
