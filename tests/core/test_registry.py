"""How names find their functions."""

from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from optlab import optimizers
from optlab.core.errors import UserError
from optlab.core.registry import Entry, Registry


@pytest.fixture
def registry() -> Registry[Entry]:
    return Registry("optimizer", "optlab.optimizers", Entry)


@pytest.fixture
def own(monkeypatch) -> Registry:
    """The registry of optlab's optimizers; what a test adds to it is forgotten."""
    optimizers.REGISTRY.names()
    monkeypatch.setattr(optimizers.REGISTRY, "_entries", dict(optimizers.REGISTRY._entries))
    return optimizers.REGISTRY


def announce(monkeypatch, name: str, value: str) -> None:
    """Let `value` be the only entry point of the optimizers, under `name`."""
    point = EntryPoint(name, value, "optlab.optimizers")
    monkeypatch.setattr(
        "optlab.core.registry.entry_points", lambda group: [point] if group == point.group else []
    )


def define(source: str, name: str, module: str, file: str):
    """The function called `name` that a file, or a cell of a notebook, defines."""
    code = ModuleType(module)
    exec(compile(source, file, "exec"), code.__dict__)
    return getattr(code, name)


def test_a_registered_function_is_found_by_its_name(registry):
    @registry.register
    def mine() -> None: ...

    assert registry.get("mine") is mine
    assert registry.entry("mine") == Entry(mine)
    assert "mine" in registry.names()


def test_an_unknown_name_suggests_the_nearest(registry):
    @registry.register
    def adam() -> None: ...

    with pytest.raises(UserError, match=r"optimizer=adamm: .* did you mean 'adam'\?"):
        registry.get("adamm")


def test_an_entry_point_is_loaded_when_it_is_asked_for(registry, monkeypatch):
    announce(monkeypatch, "theirs", "math:sqrt")
    assert registry.get("theirs").__name__ == "sqrt"
    assert "theirs" in registry.names()


def test_a_function_announced_under_another_name_keeps_what_its_decorator_said(own, monkeypatch):
    monkeypatch.setattr(
        own, "_entry_points", {"theirs": EntryPoint("theirs", "optlab.optimizers.adam:adam", "")}
    )
    assert own.entry("theirs").asks == {"gradient"}


def test_an_entry_point_that_cannot_be_imported_is_named(registry, monkeypatch):
    announce(monkeypatch, "broken", "no_such_module:f")
    with pytest.raises(
        UserError, match=r"optimizer=broken: its entry point no_such_module:f cannot be imported"
    ):
        registry.get("broken")


def test_an_entry_point_that_is_no_function_is_named(registry, monkeypatch):
    announce(monkeypatch, "module", "math")
    with pytest.raises(UserError, match=r"optimizer=module: its entry point math is a module, not a f"):
        registry.get("module")


def test_the_name_of_one_of_optlabs_own_is_refused_with_both_files(own):
    theirs = define("def adam(): ...", "adam", "mine", "/home/me/mine.py")
    with pytest.raises(
        UserError, match=r"optimizer=adam: \S+/optimizers/adam\.py and /home/me/mine\.py both"
    ):
        own.register(theirs)
    assert own.get("adam").__module__ == "optlab.optimizers.adam"


def test_an_entry_point_with_the_name_of_one_of_optlabs_own_is_refused(own, monkeypatch):
    monkeypatch.setattr(own, "_entry_points", {"adam": EntryPoint("adam", "mine:adam", "")})
    with pytest.raises(UserError, match=r"optimizer=adam: \S+adam\.py and the entry point mine:adam both"):
        own.get("adam")
    assert own.get("sgd").__name__ == "sgd"


def test_a_refused_name_is_told_of_an_entry_point_as_it_is(own, monkeypatch):
    def load(point):
        own.register(define("def adam(): ...", "adam", "mine", "/home/me/mine.py"))

    monkeypatch.setattr(own, "_entry_points", {"theirs": EntryPoint("theirs", "mine:theirs", "")})
    monkeypatch.setattr(EntryPoint, "load", load)
    with pytest.raises(UserError, match=r"^optimizer=adam: "):
        own.get("theirs")


@pytest.mark.parametrize(
    ("module", "file", "again", "again_in"),
    [
        ("__main__", "/tmp/ipykernel_1/10.py", "__main__", "/tmp/ipykernel_1/11.py"),  # two cells
        ("__main__", "/home/me/mine.py", "mine", "/home/me/mine.py"),  # a program, and its import in a worker
    ],
)
def test_the_same_function_may_be_defined_again(registry, module, file, again, again_in):
    registry.register(define("def mine(lr=0.1): ...", "mine", module, file))
    latest = registry.register(define("def mine(lr=0.2): ...", "mine", again, again_in))
    assert registry.get("mine") is latest


def test_two_files_with_one_name_are_refused(registry):
    registry.register(define("def mine(): ...", "mine", "one", "/home/me/one.py"))
    with pytest.raises(UserError, match=r"/home/me/one\.py and /home/me/two\.py both define it"):
        registry.register(define("def mine(): ...", "mine", "two", "/home/me/two.py"))


def test_an_answer_that_no_objective_gives_is_refused():
    with pytest.raises(UserError, match=r"gradients.*did you mean 'gradient'"):
        optimizers.optimizer("gradients")
