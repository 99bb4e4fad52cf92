"""What killed sweeps and failing disks leave in a result folder is taken away, or set aside."""

import os
from pathlib import Path

from optlab.store import parameters, read, write

DAMAGED = ".damaged-"
"""Part files that begin so are no longer read."""


def tidy(folder: Path) -> None:
    """Remove what stacks that were never finished have left. Nobody else may be training into the folder.

    Raises:
        UserError: the folder cannot be written.
    """
    try:
        for remnant in (*folder.glob(".trial-*"), *folder.glob(".provenance.json.*")):
            remnant.unlink()
        finished = {part.stem for part in (folder / "runs").glob("*.parquet")}
        for table in ("runs", "trajectories", "parameters"):
            for part in (folder / table).glob("*"):
                temporary = part.name.startswith(".") and not part.name.startswith(DAMAGED)
                unfinished = not part.name.startswith(".") and part.stem not in finished
                if temporary or unfinished:
                    part.unlink()
    except OSError as error:
        raise write.unusable(folder, error) from error


def set_damaged_aside(folder: Path) -> list[str]:
    """Rename the parts of stacks that cannot be read, so that their runs count as missing.

    Returns:
        A line for each of these stacks, which names the damaged file.
    """
    lines = []
    for part in read.part_files(folder):
        if reason := damage(folder, part):
            lines.append(f"{reason}; it is set aside as {DAMAGED}*")
            for file in (part, folder / "trajectories" / part.name):
                if file.exists():
                    os.replace(file, file.with_name(f"{DAMAGED}{file.name}"))
    return lines


def damage(folder: Path, part: Path) -> str | None:
    """What is wrong with the files of a stack, in a few words; None if all can be read."""
    try:
        read.stack(folder, part)
        archive = folder / "parameters" / f"{part.stem}.npz"
        if archive.exists():
            parameters.load(archive)
    except read.Damaged as error:
        return error.what
    return None
