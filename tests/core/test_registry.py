"""How names find their functions."""

from importlib.metadata import EntryPoint

import pytest

from optlab.core.errors import UserError
from optlab.core.registry import Registry


@pytest.fixture
def registry() -> Registry:
    return Registry("optimizer", "optlab.optimizers")


def test_a_registered_function_is_found_by_its_name(registry):
    @registry.register
    def mine() -> None: ...

    assert registry.get("mine") is mine
    assert "mine" in registry.names()


def test_an_unknown_name_suggests_the_nearest(registry):
    @registry.register
    def adam() -> None: ...

    with pytest.raises(UserError, match=r"optimizer=adamm: .* did you mean 'adam'\?"):
        registry.get("adamm")


def test_an_entry_point_is_loaded_when_it_is_asked_for(registry, monkeypatch):
    point = EntryPoint("theirs", "math:sqrt", "optlab.optimizers")
    monkeypatch.setattr(
        "optlab.core.registry.entry_points", lambda group: [point] if group == point.group else []
    )
    assert registry.get("theirs").__name__ == "sqrt"
    assert "theirs" in registry.names()


def test_an_entry_point_that_cannot_be_imported_is_named(registry, monkeypatch):
    point = EntryPoint("broken", "no_such_module:f", "optlab.optimizers")
    monkeypatch.setattr("optlab.core.registry.entry_points", lambda group: [point])
    with pytest.raises(
        UserError, match=r"optimizer=broken: its entry point no_such_module:f cannot be imported"
    ):
        registry.get("broken")


def test_an_entry_point_that_is_no_function_is_named(registry, monkeypatch):
    point = EntryPoint("module", "math", "optlab.optimizers")
    monkeypatch.setattr("optlab.core.registry.entry_points", lambda group: [point])
    with pytest.raises(UserError, match=r"optimizer=module: its entry point math is a module, not a f"):
        registry.get("module")
