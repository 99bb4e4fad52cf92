import subprocess
import sys
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from optlab.core.options import annotations
from optlab.datasets import REGISTRY, checked
from optlab.datasets.loading import Common

ROOT = Path(__file__).parents[2]
NAMES = [
    "blobs", "breast_cancer", "circles", "csv", "digits", "fashion_mnist", "mnist", "moons", "pima",
    "synthetic_logistic",
]  # fmt: skip


def test_all_data_sets_are_found():
    assert set(NAMES) <= set(REGISTRY.names())


@pytest.mark.parametrize("name", NAMES)
def test_the_yaml_holds_every_option_and_its_default(name):
    section = OmegaConf.to_container(OmegaConf.load(ROOT / f"conf/dataset/{name}.yaml"))
    own = annotations(REGISTRY.get(name))
    assert set(section) == {"name", *own, *annotations(Common)}
    if name == "csv":
        section["path"] = "t.csv"
    defaults = checked({"name": name, **({"path": "t.csv"} if name == "csv" else {})})
    canonical = checked(section)
    assert {key: canonical[key] for key in own} == {key: defaults[key] for key in own}


def test_importing_the_data_sets_imports_nothing_slow():
    slow = {"sklearn", "pandas", "pooch", "scipy", "rich", "matplotlib"}
    code = (
        "import sys, optlab.datasets as d; d.REGISTRY.names(); import optlab.cli.data; "
        f"sys.exit(' '.join({slow} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stderr.strip() == ""
