"""The runs of the studies that are committed."""

from pathlib import Path

import pytest

from optlab.store import provenance

RESULTS = Path(__file__).parent.parent / "results"


def excerpt(study):
    """The folder with the runs of a study that are committed, if their numbers can come out again."""
    folder = RESULTS / study / "excerpt"
    if provenance.has_other_streams(provenance.load(folder)):
        pytest.skip(f"{folder} was trained with earlier random streams: train the study again")
    return folder
