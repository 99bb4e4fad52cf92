"""Registries: how a name in a configuration finds its function.

A file of optlab's own registers its function with a decorator and is found because it lies in the
package; a user's function is registered the same way, or announced as an entry point.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from typing import Any, Generic, TypeVar

from optlab.core.errors import UserError
from optlab.core.options import unknown


@dataclass(frozen=True)
class Entry:
    """What a registry knows of one name. Kinds that know more of a function add fields with defaults."""

    factory: Callable[..., Any]

    def same_function(self, other: "Entry") -> bool:
        """Whether the other is this function defined again, as by a cell of a notebook or in a worker."""
        a, b = self.factory, other.factory
        return _name(a) == _name(b) and (a.__module__ == b.__module__ or file_of(a) == file_of(b))

    @property
    def is_own(self) -> bool:
        """Whether the function comes with optlab."""
        return self.factory.__module__.startswith("optlab.")


Factory = TypeVar("Factory", bound=Callable[..., Any])
E = TypeVar("E", bound=Entry)


class Registry(Generic[E]):
    """Entries of one kind (``optimizer``, ``dataset``, ...) by name, defined in the module `package`."""

    def __init__(self, kind: str, package: str, entry: type[E]) -> None:
        self.kind = kind
        self.package = package
        self._make_entry = entry
        self._entries: dict[str, E] = {}

    def register(self, factory: Factory) -> Factory:
        """Make `factory` available under its own name; usable as a decorator.

        Raises:
            UserError: see `add`.
        """
        self.add(self._make_entry(factory))
        return factory

    def add(self, entry: E) -> None:
        """Make an entry available under the name of its function.

        Raises:
            UserError: another function has that name.
        """
        name = entry.factory.__name__
        if not entry.is_own:
            self._own_modules  # noqa: B018  importing them registers what they define
        present = self._entries.get(name)
        if present is not None and not present.same_function(entry):
            raise UserError(self._conflict(name, file_of(present.factory), file_of(entry.factory)))
        self._entries[name] = entry

    def names(self) -> list[str]:
        """All names that `get` knows, sorted."""
        self._own_modules  # noqa: B018
        return sorted({*self._entries, *self._entry_points})

    def user_entries(self) -> list[E]:
        """Entries that come neither with optlab nor from an entry point: other processes lack them."""
        return [e for name, e in self._entries.items() if name not in self._entry_points and not e.is_own]

    def get(self, name: str) -> Callable[..., Any]:
        """The factory called `name`.

        Raises:
            UserError: see `entry`.
        """
        return self.entry(name).factory

    def entry(self, name: str) -> E:
        """What is known of `name`.

        Raises:
            UserError: nothing of that name is registered, its entry point has the name of one of optlab's
                own, cannot be imported or is no function.
        """
        self._own_modules  # noqa: B018
        entry, point = self._entries.get(name), self._entry_points.get(name)
        if entry is not None and entry.is_own and point is not None:
            raise UserError(self._conflict(name, file_of(entry.factory), f"the entry point {point.value}"))
        if entry is not None:
            return entry
        if point is not None:
            return self._load(point)
        raise unknown(f"{self.kind}={name}", f"there is no {self.kind} '{name}'", name, self.names())

    @cached_property
    def _own_modules(self) -> list[Any]:
        paths = getattr(import_module(self.package), "__path__", [])  # a plain module has none
        return [import_module(f"{self.package}.{module.name}") for module in iter_modules(paths)]

    @cached_property
    def _entry_points(self) -> dict[str, EntryPoint]:
        return {point.name: point for point in entry_points(group=f"optlab.{self.kind}s")}

    def _load(self, point: EntryPoint) -> E:
        """The entry that an entry point announces: its own if it has registered itself, else a new one."""
        key = f"{self.kind}={point.name}: its entry point {point.value}"
        try:
            factory = point.load()
        except UserError:
            raise
        except Exception as error:
            raise UserError(
                f"{key} cannot be imported ({type(error).__name__}: {error}); mend or uninstall the package "
                "that announces it"
            ) from error
        if not callable(factory):
            raise UserError(
                f"{key} is a {type(factory).__name__}, not a function; announce it as MODULE:FUNCTION"
            )
        registered = [entry for entry in self._entries.values() if entry.factory is factory]
        self._entries[point.name] = entry = registered[0] if registered else self._make_entry(factory)
        return entry

    def _conflict(self, name: str, present: str, new: str) -> str:
        return f"{self.kind}={name}: {present} and {new} both define it; rename the function in one of them"


def file_of(factory: Callable[..., Any]) -> str:
    """Where a function is defined: its file, else its module."""
    code = getattr(factory, "__code__", None)
    return code.co_filename if code is not None else str(factory.__module__)


def _name(factory: Callable[..., Any]) -> str:
    return getattr(factory, "__qualname__", factory.__name__)
