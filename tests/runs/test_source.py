"""The source of a user's own code is part of the identity of a run."""

import functools
import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest

import optlab
from optlab.runs import identity
from optlab.runs.source import source

MINE = """
import functools
from typing import NamedTuple
import numpy as np

SCALE = 2.0
SEEN = []

class State(NamedTuple):
    t: int

def half(x):
    return x / SCALE

@functools.cache
def third(x):
    return x / 3

class Base:
    def value(self):
        return 1

class Power(Base):
    @property
    def exponent(self):
        return half(2)

def other():
    return np.pi

def mine(lr: float = 0.1):
    def update(w):
        SEEN.append(w)
        return lr * half(w) ** Power().exponent + third(w)
    return update
"""


@pytest.fixture
def texts(tmp_path, monkeypatch):
    """A function: the text of a module -> what counts of its factory `mine`."""
    made = iter(range(100))

    def texts(text):
        path = tmp_path / f"module_{next(made)}.py"
        path.write_text(text)
        spec = spec_from_file_location(path.stem, path)
        module = module_from_spec(spec)
        monkeypatch.setitem(sys.modules, path.stem, module)
        spec.loader.exec_module(module)
        return source(module.mine)

    return texts


@pytest.mark.parametrize(
    "old, new",
    [
        ("lr * half", "lr + half"),
        ("x / SCALE", "x * SCALE"),
        ("SCALE = 2.0", "SCALE = 3.0"),
        ("x / 3", "x / 4"),
        ("return half(2)", "return half(4)"),
        ("return 1", "return 2"),
        ("lr: float = 0.1", "lr: float = 0.2"),
    ],
)
def test_what_a_factory_mentions_counts(texts, old, new):
    assert old in MINE and texts(MINE) != texts(MINE.replace(old, new))


@pytest.mark.parametrize(
    "old, new", [("np.pi", "np.e"), ("SEEN = []", "SEEN = [1]"), ("\nclass", "\n\nclass")]
)
def test_what_it_does_not_and_what_can_change_does_not_count(texts, old, new):
    assert old in MINE and texts(MINE) == texts(MINE.replace(old, new))


def test_what_a_function_closes_over_counts():
    def closed(scale):
        def mine(lr: float = 0.1):
            return lr * scale

        return mine

    assert source(closed(1)) != source(closed(2))


def test_what_is_wrapped_counts():
    def one(x):
        return x + 1

    def other(x):
        return x + 2

    def over(function):
        def mine():
            return function(1)

        return mine

    assert source(over(functools.partial(one))) != source(over(functools.partial(other)))


def typed(text):
    """The factory of a module that has no file."""
    module = ModuleType("typed")
    exec(compile(text, "<nowhere>", "exec"), module.__dict__)
    return module.mine


def test_code_without_a_text_counts_by_its_byte_code():
    assert source(typed(MINE)) == source(typed("\n" + MINE))
    assert source(typed(MINE)) != source(typed(MINE.replace("lr * half", "lr + half")))
    assert source(typed(MINE)) != source(typed(MINE.replace("return half(2)", "return half(4)")))


def test_a_callable_object_counts_by_its_class():
    class Mine:
        def __call__(self):
            return 1

    assert "return 1" in "".join(source(Mine()))


def test_an_optimizer_of_ones_own_gives_ids_that_tell_its_source(config, registries):
    ids = []
    for step in ("lr * g", "lr * g", "2 * lr * g"):
        scope = {"__name__": "mine"}
        exec(f"def mine(lr: float = 0.1):\n return lambda w, g: w - {step}", scope)
        optlab.register("optimizer", "gradient")(scope["mine"])
        ids.append(identity.run_of(config(optimizer={"name": "mine"}), "sha").run_id)
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].partition("-")[0] == ids[2].partition("-")[0]
    assert [len(part) for part in ids[0].split("-")] == [16, 8]
    recorded = config(optimizer={"name": "mine"})
    runs = [identity.Run(run_id, recorded) for run_id in ids]
    assert all(identity.is_run_on(run, "sha") for run in runs)
    assert identity.has_source(ids[2], recorded) and not identity.has_source(ids[0], recorded)


def test_a_model_of_ones_own_counts_too(config, registries):

    @optlab.register("model")
    def mine(n_features: int, n_classes: int, /):
        return None

    plain, own = config(), config(model={"name": "mine"})
    assert "-" not in identity.run_of(plain, "sha").run_id and "-" in identity.run_of(own, "sha").run_id
