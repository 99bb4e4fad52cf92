"""Two workers against one: 60 runs of 784-16-16-10 on MNIST, three optimizers, four rates, five seeds.

    python experiments/benchmarks/workers.py [--epochs 10] [--rounds 1]

The time is that of the command without its report: start-up, reading the data, training, tables. One
and two workers take turns, and the fastest round of each counts. For comparison, the same is measured of
two processes that do nothing but multiply small matrices: what the machine itself allows.
"""

import argparse
import subprocess
import sys
import tempfile
from time import perf_counter

SWEEP = [
    "-m",
    "dataset=mnist",
    "model=mlp",
    "optimizer=sgd,rmsprop,adam",
    "optimizer.lr=0.001,0.003,0.01,0.03",
    "seed=range(5)",
    "training=mini_batch",
    "training.batch_size=128",
]

COMMAND = """
import sys
from optlab.cli import app
app.finish = lambda session: None
sys.exit(app.run(sys.argv[1:]))
"""

SMALL_PRODUCTS = """
import os
os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np
a = np.ones((48, 48))
for _ in range(800_000):
    a @ a
"""


def sweep_seconds(workers: int, epochs: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        options = [
            f"training.epochs={epochs}",
            f"hydra.launcher.n_jobs={workers}",
            f"hydra.sweep.dir={folder}/out",
        ]
        begin = perf_counter()
        subprocess.run([sys.executable, "-c", COMMAND, *SWEEP, *options], check=True, capture_output=True)
        return perf_counter() - begin


def product_seconds(processes: int) -> float:
    """Seconds that each of so many processes takes at least for the same work."""
    begin = perf_counter()
    started = [subprocess.Popen([sys.executable, "-c", SMALL_PRODUCTS]) for _ in range(processes)]
    for process in started:
        process.wait()
    return perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    sweeps, products = ({1: [], 2: []} for _ in range(2))
    for _ in range(options.rounds):
        for workers in (1, 2):
            sweeps[workers].append(sweep_seconds(workers, options.epochs))
            products[workers].append(product_seconds(workers))
    for workers, seconds in sweeps.items():
        print(f"{workers} worker{'s' * (workers > 1)}: " + " ".join(f"{s:.1f}" for s in seconds) + " s")
    print(f"two workers are faster by {min(sweeps[1]) / min(sweeps[2]):.2f}x")
    print(f"two processes of small products by {2 * min(products[1]) / min(products[2]):.2f}x")


if __name__ == "__main__":
    main()
