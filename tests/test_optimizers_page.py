"""The page of methods says what the code says."""

from pathlib import Path
from statistics import median

import pytest

from docs.generate import PAGE, page, state_size
from optlab.core.docstring import parse
from optlab.core.options import annotations
from optlab.optimizers import REGISTRY


def test_the_page_is_current():
    assert PAGE.read_text() == page(), "run python docs/generate.py"


@pytest.mark.parametrize("name", REGISTRY.names())
def test_a_method_has_equations_options_with_meanings_and_a_reference(name):
    doc = parse(REGISTRY.get(name).__doc__)
    assert doc.equations
    assert doc.options.keys() == annotations(REGISTRY.get(name)).keys()
    assert doc.reference


@pytest.mark.parametrize("name", REGISTRY.names())
def test_every_method_has_a_family(name):
    """Pass family=... to the decorator `optimizer`."""
    assert REGISTRY.entry(name).family is not None


@pytest.mark.parametrize("name, numbers", [("sgd", "nothing"), ("adam", "2 P"), ("saga", "P + n")])
def test_memory_is_counted_in_parameters_and_samples(name, numbers):
    assert state_size(name) == numbers


def test_a_method_is_a_short_file():
    folder = Path(__file__).parent.parent / "optlab" / "optimizers"
    assert median(len((folder / f"{name}.py").read_text().splitlines()) for name in REGISTRY.names()) <= 60
