"""Backends: how tasks reach workers on this machine or in a cluster. One class a file, found by its name."""

from importlib import import_module
from pkgutil import iter_modules

from optlab.core.options import unknown
from optlab.sweeps.backends.base import Backend, Pool, WorkersDied

__all__ = ["Backend", "Pool", "WorkersDied", "backend_class"]


def backend_class(name: str) -> type[Backend]:
    """The backend called `name`.

    Raises:
        UserError: there is none.
    """
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    backends = {backend.name: backend for backend in Backend.__subclasses__()}
    if name not in backends:
        raise unknown(
            f"hydra.launcher.backend={name}", f"there is no backend '{name}'", name, sorted(backends)
        )
    return backends[name]
