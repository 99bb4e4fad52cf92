"""Which runs of a sweep a result folder holds already."""

from collections.abc import Iterable
from pathlib import Path

from optlab.core.errors import UserError
from optlab.runs.identity import Run
from optlab.store import provenance, read


def present(folder: Path, runs: Iterable[Run]) -> set[str]:
    """Ids of the runs that a folder holds.

    Raises:
        UserError: it holds runs that were drawn from other random streams: new ones beside them would be
            compared as if they shared initial parameters, splits and batches.
        Damaged: a part file is.
    """
    in_folder = read.run_ids(folder)
    if in_folder and provenance.has_other_streams(provenance.load(folder)):
        raise UserError(
            f"result folder {folder}: its runs were drawn from the random streams of an earlier optlab, and "
            "new ones cannot stand beside them; name another folder (hydra.sweep.dir=DIR, hydra.run.dir=DIR)"
        )
    return in_folder & {run.run_id for run in runs}
