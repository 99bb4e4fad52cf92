"""Five small sweeps give the numbers that they always gave.

`sweeps.json` holds, for every run, a hash of its trajectory and its final cost. Bits are compared where the
versions and the BLAS kernel are those that the file was written with, costs to rounding elsewhere. After a
change that is meant to change numbers, write it anew and say so in CHANGELOG.md::

    python -m tests.golden.test_golden
"""

import hashlib
import json
import platform
from pathlib import Path

import numpy as np
import pytest

import optlab
from optlab.cli.data import about_of, whereabouts

FILE = Path(__file__).with_name("sweeps.json")

SWEEPS = {
    "quickstart": ["experiment=quickstart", "seed=0", "training.epochs=null", "training.max_steps=20"],
    "pima": ["experiment=pima", "seed=0", "training.max_steps=20"],
    "circles": ["experiment=circles", "seed=0", "training.epochs=2", "training.record_parameters=none"],
    "a9a": ["problem=a9a_logistic", "optimizer=lbfgs,newton_cg,saga,adam", "training.epochs=2"],
    "mnist": ["problem=mnist_mlp", "optimizer=sgd,adam", "training.epochs=1", "training.max_steps=40"],
}
DATA = {"pima": "pima", "a9a": "a9a", "mnist": "mnist"}

MEASURED = [
    "train_cost",
    "train_accuracy",
    "validation_cost",
    "validation_accuracy",
    "test_cost",
    "test_accuracy",
    "grad_norm",
    "value_evals",
    "gradient_evals",
    "hvp_evals",
    "hessian_evals",
]

ROUNDING = 1e-6
"""Relative: 40 steps of a network, whose products another kernel adds up in another order."""


def circumstances():
    """What decides the last bits."""
    from threadpoolctl import threadpool_info

    np.ones((2, 2)) @ np.ones((2, 2))
    kernels = sorted({str(p.get("architecture")) for p in threadpool_info() if p["user_api"] == "blas"})
    return {"numpy": np.__version__, "machine": platform.machine(), "blas": kernels}


def measured(name, folder):
    """Hash and final cost of every run of a sweep, by optimizer, problem, rate and seed."""
    results = optlab.sweep(SWEEPS[name], folder)
    points = dict(iter(results.trajectories.groupby("run_id")))
    found = {}
    for run in results.runs.itertuples():
        key = f"{run.optimizer} {run.dataset} {run.model} lr={run.lr!r} seed={run.seed}"
        table = np.ascontiguousarray(points[run.run_id].sort_values("step")[["step", *MEASURED]], dtype=float)
        digest = hashlib.sha256(table.tobytes()).hexdigest()[:16]
        found[key] = {"run_id": run.run_id, "trajectory": digest, "cost": run.final_train_cost}
    assert len(found) == len(results.runs)
    return found


@pytest.mark.parametrize("name", SWEEPS)
def test_the_numbers_are_those_they_always_were(name, tmp_path, monkeypatch):
    if name in DATA and whereabouts(about_of(DATA[name])) == "not here":
        pytest.skip(f"needs {name}: optlab-data fetch {name}, or set OPTLAB_DATA_DIR")
    monkeypatch.chdir(tmp_path)
    golden = json.loads(FILE.read_text("utf-8"))
    expected, found = golden["sweeps"][name], measured(name, tmp_path / "out")
    exact = ["run_id", "trajectory"] if golden["circumstances"] == circumstances() else ["run_id"]
    assert found.keys() == expected.keys()
    for key, run in expected.items():
        assert [found[key][name] for name in exact] == [run[name] for name in exact], key
        assert found[key]["cost"] == pytest.approx(run["cost"], rel=ROUNDING, nan_ok=True), key


def write():
    """Write `sweeps.json` anew."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        sweeps = {name: measured(name, Path(folder) / name) for name in SWEEPS}
    FILE.write_text(
        json.dumps({"circumstances": circumstances(), "sweeps": sweeps}, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    write()
