"""A folder with one byte changed, wherever that is, is read right or refused."""

import json
from contextlib import suppress

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from optlab.core.errors import UserError
from optlab.store import parameters, provenance, read, write

FILES = ("runs/stack.parquet", "trajectories/stack.parquet", "parameters/stack.npz", provenance.NAME)
FIXTURES = [HealthCheck.function_scoped_fixture]  # every example puts the byte back


def flipped_bytes(examples):
    """The settings of a test with so many examples: always the same ones, as fast as they come."""
    phases = [Phase.explicit, Phase.generate]
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=phases,
        suppress_health_check=FIXTURES,
    )


def check(folder, before, name, place, mask):
    """Change one byte, read everything, and put it back."""
    file = folder / name
    content = file.read_bytes()
    at = int(place * len(content))
    file.write_bytes(content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :])
    try:
        with suppress(UserError, read.Damaged):
            results = read.load(folder)
            assert not results.skipped_files
            pd.testing.assert_frame_equal(results.runs, before.runs)
            pd.testing.assert_frame_equal(results.trajectories, before.trajectories)
            json.dumps(results.provenance)
            parameters.load(folder / "parameters" / "stack.npz")
    finally:
        file.write_bytes(content)


PLACES = {
    "name": st.sampled_from(FILES),
    "place": st.floats(0, 1, exclude_max=True),
    "mask": st.integers(1, 255),
}


@pytest.fixture
def stored(folder, labels, history):
    """The folder and its results."""
    provenance.begin(folder, ["optlab", "-m"], {"moons": "0" * 64})
    write.stack(folder, "stack", labels, history)
    return folder, read.load(folder)


@flipped_bytes(120)
@given(**PLACES)
def test_a_changed_byte_is_noticed_or_changes_nothing(stored, name, place, mask):
    check(*stored, name, place, mask)


@pytest.mark.slow
@flipped_bytes(20_000)
@given(**PLACES)
def test_any_changed_byte_is_noticed_or_changes_nothing(stored, name, place, mask):
    check(*stored, name, place, mask)
