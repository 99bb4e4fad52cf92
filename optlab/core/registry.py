"""Registries: how a name in a configuration finds its function.

A file of optlab's own registers its function with a decorator and is found because it lies in the
package; a user's function is registered the same way, or announced as an entry point.
"""

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import Any, TypeVar

from optlab.core.errors import UserError
from optlab.core.options import unknown

Factory = TypeVar("Factory", bound=Callable[..., Any])


class Registry:
    """Named factories of one kind (``optimizer``, ``dataset``, ...), kept in the module `package`."""

    def __init__(self, kind: str, package: str) -> None:
        self.kind = kind
        self.package = package
        self._factories: dict[str, Callable[..., Any]] = {}

    def register(self, factory: Factory) -> Factory:
        """Make `factory` available under its own name; usable as a decorator."""
        self._factories[factory.__name__] = factory
        return factory

    def names(self) -> list[str]:
        """All names that `get` knows, sorted."""
        self._own_modules  # noqa: B018  importing them registers what they define
        return sorted({*self._factories, *self._announced})

    def added(self) -> list[Callable[..., Any]]:
        """Factories that come neither with optlab nor from an entry point: other processes lack them."""
        known = {*self._announced}
        return [
            factory
            for name, factory in self._factories.items()
            if name not in known and not factory.__module__.startswith("optlab.")
        ]

    def get(self, name: str) -> Callable[..., Any]:
        """The factory called `name`.

        Raises:
            UserError: nothing of that name is registered, or its entry point cannot be imported or is no
                function.
        """
        self._own_modules  # noqa: B018
        if name in self._factories:
            return self._factories[name]
        if name in self._announced:
            return self._from_entry_point(name)
        key = f"{self.kind}={name}"
        raise unknown(key, f"there is no {self.kind} '{name}'", name, self.names())

    @cached_property
    def _own_modules(self) -> list[Any]:
        paths = getattr(import_module(self.package), "__path__", [])  # a plain module has none
        return [import_module(f"{self.package}.{module.name}") for module in iter_modules(paths)]

    @cached_property
    def _announced(self) -> dict[str, Any]:
        return {point.name: point for point in entry_points(group=f"optlab.{self.kind}s")}

    def _from_entry_point(self, name: str) -> Callable[..., Any]:
        point = self._announced[name]
        try:
            factory = point.load()
        except Exception as error:
            raise UserError(
                f"{self.kind}={name}: its entry point {point.value} cannot be imported "
                f"({type(error).__name__}: {error}); mend or uninstall the package that announces it"
            ) from error
        if not callable(factory):
            raise UserError(
                f"{self.kind}={name}: its entry point {point.value} is a {type(factory).__name__}, not a "
                "function; announce it as MODULE:FUNCTION"
            )
        self._factories[name] = factory
        return factory
