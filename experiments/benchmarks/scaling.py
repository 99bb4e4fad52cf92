"""Sweeps of 10 to 100,000 runs, with one worker and with two: time per run, peak memory of the parent.

    python experiments/benchmarks/scaling.py [--most 100000]

Runs are cheap (logistic regression, 36 samples, ten full-batch steps), so that what is measured is the
sweep itself: composing, checking, planning, handing out, storing. The report is not made.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

SWEEP = [
    "-m",
    "dataset=moons",
    "dataset.n_samples=60",
    "training.epochs=10",
    "optimizer=sgd,adam",
    "optimizer.lr=0.01,0.02,0.05,0.1,0.2",
]
RUNS_PER_SEED = 10

COMMAND = """
import resource, sys
from time import perf_counter
begin = perf_counter()
from optlab.cli import app
app.finish = lambda session: None
code = app.run(sys.argv[1:])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print("measured", perf_counter() - begin, peak)
sys.exit(code)
"""


def measured(runs: int, workers: int) -> tuple[float, float, int]:
    """Seconds of the command, MiB of its own process, and files in the result folder."""
    with tempfile.TemporaryDirectory() as folder:
        axis = f"seed=range({runs // RUNS_PER_SEED})"
        options = [axis, f"hydra.launcher.n_jobs={workers}", f"hydra.sweep.dir={folder}/out"]
        command = [sys.executable, "-c", COMMAND, *SWEEP, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        _, seconds, peak = done.stdout.splitlines()[-1].split()
        return float(seconds), float(peak), sum(path.is_file() for path in Path(folder).rglob("*"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--most", type=int, default=100_000)
    most = parser.parse_args().most
    print(f"{'runs':>8} {'workers':>8} {'seconds':>9} {'ms per run':>11} {'parent, MiB':>12} {'files':>6}")
    for runs in (10, 100, 1_000, 10_000, 100_000):
        for workers in (1, 2):
            if runs <= most:
                seconds, peak, files = measured(runs, workers)
                per_run = 1e3 * seconds / runs
                print(
                    f"{runs:8,} {workers:8} {seconds:9.2f} {per_run:11.2f} {peak:12.0f} {files:6}", flush=True
                )


if __name__ == "__main__":
    main()
