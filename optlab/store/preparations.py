"""What turns rows into inputs, beside the parameters of a result folder: models predict without data."""

from pathlib import Path
from typing import Any

from optlab.core.errors import UserError
from optlab.datasets.preparation import Preparation
from optlab.runs.identity import digest
from optlab.store.write import write_atomically


def store(folder: Path, config: dict[str, Any], preparation: Preparation) -> None:
    """Write it, if it is not there yet; the folder has one for every section `dataset` of a configuration.

    Raises:
        OSError: it cannot be written.
    """
    path = _path(folder, config)
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        text = preparation.to_json().encode()
        write_atomically(path, lambda file: file.write(text))


def load(folders: tuple[Path, ...], config: dict[str, Any]) -> Preparation | None:
    """That of the data of a recorded configuration; None where no folder holds it.

    Raises:
        UserError: it is damaged.
    """
    for path in [_path(folder, config) for folder in folders]:
        if path.is_file():
            try:
                return Preparation.from_json(path.read_text("utf-8"))
            except (OSError, ValueError, TypeError, KeyError) as error:
                raise UserError(f"{path}: cannot be read ({error}); train the run again") from error
    return None


def _path(folder: Path, config: dict[str, Any]) -> Path:
    return folder / "parameters" / f"data-{digest(config['dataset'])}.json"
