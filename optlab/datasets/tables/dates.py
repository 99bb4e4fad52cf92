"""Dates and times in a column of texts."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np

from optlab.core.arrays import Array

FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %B %Y",
    "%d. %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%b %Y",
    "%B %Y",
    "%b-%Y",
    "%b-%y",
    "%Y-%m",
    "%m/%Y",
    "%H:%M",
    "%H:%M:%S",
    "%I:%M %p",
)
EPOCH = datetime(1970, 1, 1)
MIDNIGHT = datetime(1900, 1, 1)
"""Where Python lets a time without a date begin."""


def days_in(cells: Iterable[str]) -> list[list[float]]:
    """What cells are as days since 1970, or as a share of a day where they are times, in every reading.

    No reading: they are no dates. Two: day and month cannot be told apart.
    """
    texts = list(cells)
    readings = []
    if (iso := _iso(texts)) is not None:
        return [iso]
    for form in FORMATS:
        days = _read(texts, form)
        if days is not None and days not in readings:
            readings.append(days)
    return readings


def are_compact(values: Array) -> bool:
    """Whether all numbers are dates of the years 1900 to 2099, written YYYYMMDD."""
    if values.min() < 19000101 or values.max() > 20991231 or not np.array_equal(values, np.floor(values)):
        return False
    try:
        for value in dict.fromkeys(values.tolist()):
            compact_days(value)
    except ValueError:
        return False
    return True


def compact_days(value: float) -> float:
    """A date written YYYYMMDD as days since 1970."""
    return (datetime.strptime(str(int(value)), "%Y%m%d") - EPOCH) / timedelta(days=1)


def _read(texts: list[str], form: str) -> list[float] | None:
    start = EPOCH if "%Y" in form or "%y" in form else MIDNIGHT
    try:
        return [(datetime.strptime(text, form) - start) / timedelta(days=1) for text in texts]
    except ValueError:
        return None


def _iso(texts: list[str]) -> list[float] | None:
    """ISO 8601 with a time, and perhaps its zone."""
    if not all(len(text) > 10 and text[4:5] == "-" for text in texts):
        return None
    try:
        moments = [datetime.fromisoformat(text) for text in texts]
    except ValueError:
        return None
    local = [moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment for moment in moments]
    return [(moment - EPOCH) / timedelta(days=1) for moment in local]
