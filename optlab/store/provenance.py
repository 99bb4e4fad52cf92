"""Where results come from: `provenance.json` in a result folder."""

import json
import os
import platform
import shlex
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from optlab.core import streams
from optlab.core.errors import UserError
from optlab.core.options import shown
from optlab.core.text import writable
from optlab.store import record
from optlab.store.record import Record

NAME = "provenance.json"
FORMAT = 2
"""Version of a result folder; 1: run ids are hashes of all options."""

DISTRIBUTION = "optlab-sweeps"
"""The name under which optlab is installed."""

PACKAGES = (
    "optlab",
    "numpy",
    "scipy",
    "scikit-learn",
    "pandas",
    "pyarrow",
    "joblib",
    "hydra-core",
    "omegaconf",
)


def begin(folder: Path, command: Sequence[str], data: Mapping[str, str]) -> Record:
    """Note in `folder` that a command begins to train in it.

    Args:
        command: the command line.
        data: checksum of every data set, by name.

    Returns:
        The record, for `end`. Commands that wrote to the folder before are kept under ``earlier``.
    """
    before = load(folder)
    new: Record = {
        "format": FORMAT,
        "streams": streams.VERSION,
        "command": writable(shlex.join(command)),
        "started": _now(),
        "finished": None,
        "seconds": None,
        **circumstances(),
        "data": {**(before or {}).get("data", {}), **data},
        "earlier": [],
    }
    if before:
        once = {
            key: before.get(key) for key in ("command", "started", "finished", "seconds", "versions", "git")
        }
        new["earlier"] = [*before.get("earlier", []), once]
    _write(folder, new)
    return new


def circumstances() -> Record:
    """Versions, machine and code of the present moment."""
    return {
        "versions": {"python": platform.python_version(), **_versions()},
        "machine": _machine(),
        "git": _git(),
    }


def end(folder: Path, record: Record) -> None:
    """Note that the command has ended, whether it was finished or interrupted."""
    now = _now()
    seconds = (datetime.fromisoformat(now) - datetime.fromisoformat(record["started"])).total_seconds()
    _write(folder, {**record, "finished": now, "seconds": round(seconds, 3)})


def load(folder: Path) -> Record | None:
    """The record of a folder; None if it has none that can be read."""
    return record.read(folder / NAME)


def merge(records: Iterable[Record]) -> Record | None:
    """The latest of several records, with the data of all and the others under ``earlier``; None of none."""
    by_start = sorted(records, key=lambda record: str(record.get("started")))
    if not by_start:
        return None
    *earlier, last = by_start
    data = {name: checksum for record in by_start for name, checksum in record.get("data", {}).items()}
    return {**last, "data": data, "earlier": [*earlier, *last.get("earlier", [])]}


def commands(record: Record | None) -> list[str]:
    """All commands that made a folder, or those whose records were merged, each once, the first one first."""
    if not record:
        return []
    earlier = [command for part in record.get("earlier") or [] for command in commands(part)]
    last = [str(record["command"])] if record.get("command") else []
    return list(dict.fromkeys([*earlier, *last]))


def check_format(folder: Path) -> None:
    """Refuse a folder that this version cannot read.

    Raises:
        UserError: its format is newer.
    """
    number = (load(folder) or {}).get("format", FORMAT)
    if not isinstance(number, int) or number > FORMAT:
        raise UserError(
            f"result folder {folder}: it has format {shown(number)}, and this optlab knows formats up to "
            f"{FORMAT}; install a newer optlab"
        )


def has_other_streams(record: Record | None) -> bool:
    """Whether the runs of a folder with this record were drawn from other random streams than today's."""
    return record is not None and record.get("streams", 1) != streams.VERSION


def _write(folder: Path, record: Record) -> None:
    temporary = folder / f".{NAME}.{os.getpid()}"
    try:
        temporary.write_text(json.dumps(record, indent=2) + "\n", "utf-8")
        os.replace(temporary, folder / NAME)
    except OSError as error:
        raise UserError(f"{folder / NAME}: cannot be written ({error.strerror}); make room for it") from error
    finally:
        temporary.unlink(missing_ok=True)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _versions() -> dict[str, str]:
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = version(DISTRIBUTION if package == "optlab" else package)
        except PackageNotFoundError:
            continue
    return versions


def _machine() -> dict[str, Any]:
    import scipy.linalg  # noqa: F401  its BLAS is another than NumPy's, and loaded from here on
    from threadpoolctl import threadpool_info

    blas = [info for info in threadpool_info() if info.get("user_api") == "blas"]
    blas.sort(key=lambda info: str(info.get("version")))
    return {
        "system": platform.platform(),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "blas": [
            {key: info.get(key) for key in ("internal_api", "version", "architecture")} for info in blas
        ],
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def _git() -> dict[str, Any] | None:
    """Commit and state of the checkout that optlab runs from, else of the working directory's.

    What stands in results/ is no code: rebuilding it makes nothing dirty.
    """
    package = Path(__file__).resolve().parents[1]
    tracked = _output(package, "ls-files", "--error-unmatch", "__init__.py") is not None
    root = package if tracked else Path.cwd()
    commit = _output(root, "rev-parse", "HEAD")
    if commit is None:
        return None
    code = "--", ":/", ":(top,exclude)results"
    changes = _output(root, "status", "--porcelain", "--untracked-files=no", *code)
    return {"of": "optlab" if tracked else "working directory", "commit": commit, "dirty": bool(changes)}


def _output(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
