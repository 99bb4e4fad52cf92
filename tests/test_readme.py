"""The README's examples work as they stand."""

import re
from pathlib import Path

import numpy as np
import pytest

from optlab.datasets import load
from optlab.models import REGISTRY as MODELS
from optlab.optimizers import REGISTRY
from optlab.train import Member, Training, train

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


@pytest.fixture
def signed():
    """The optimizer that the README shows, registered while a test runs."""
    [code] = [block for block in re.findall(r"```python\n(.*?)```", README, re.S) if "def signed" in block]
    exec(compile(code, "README.md", "exec"), {})
    yield
    del REGISTRY._factories["signed"]


def test_the_optimizer_of_ones_own_is_registered_and_learns(signed):
    data = load({"name": "moons", "noise": 0.2})
    model = MODELS.get("logistic")(2, 2)
    history = train(model, data, [Member("signed", {"lr": 0.05}, 0.0, 0)], Training(epochs=50))
    cost = history.columns["train_cost"][:, 0]
    assert cost[-1] < 0.6 * cost[0]
    assert np.isfinite(cost).all()


def test_every_file_the_readme_links_to_is_there():
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_commands_of_the_readme_name_what_exists():
    names = {match for match in re.findall(r"experiment=(\w+)", README) if match != "NAME"}
    assert all((ROOT / "experiments" / f"{name}.yaml").exists() for name in names)
