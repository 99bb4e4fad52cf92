"""The runs of the studies that are committed."""

from pathlib import Path

RESULTS = Path(__file__).parent.parent / "results"


def excerpt(study):
    """The folder with the runs of a study that are committed."""
    return RESULTS / study / "excerpt"
