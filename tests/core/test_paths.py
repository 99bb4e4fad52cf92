"""Paths as people write them."""

from pathlib import Path

from optlab.core.paths import expanded


def test_home_and_variables_are_replaced_once(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("RESULTS", "$HOME/out")
    assert expanded("~/x") == Path("/home/me/x")
    assert expanded("$HOME/${HOME}") == Path("/home/me//home/me")
    assert expanded("$RESULTS") == Path("$HOME/out")


def test_what_stands_for_nothing_stays(monkeypatch):
    monkeypatch.delenv("NOTHING", raising=False)
    assert expanded("~nobody-of-this-name/x") == Path("~nobody-of-this-name/x")
    assert expanded("a/$NOTHING") == Path("a/$NOTHING")
