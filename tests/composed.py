"""What a command would train, without training it."""

import pytest

from optlab.cli import app
from optlab.sweeps import execute as module


def composed(*command):
    """Configurations of the runs of a command."""
    caught = []

    def catch(jobs, *rest):
        caught.extend(config for config, _ in jobs)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "execute", catch)
        assert app.run(command) == 130
    return caught
