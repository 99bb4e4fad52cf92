"""A whole sweep: six optimizers x 25 learning rates x ten seeds on Pima, 1,000 full-batch steps each.

    python experiments/benchmarks/sweep_end_to_end.py [--sample 10]      (needs the extra `bench`)

optlab trains all 1,500 runs; the time is that of the command, from its start to the finished report.
The peer is the same grid with Hydra's basic launcher and PyTorch, costs recorded at every tenth step and
written as one CSV a run; it trains a sample, spread over the optimizers, and its time per run is
extrapolated. Its start-up is not counted.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

RUNS = 6 * 25 * 10

OPTLAB = [
    "dataset=pima",
    "model=logistic",
    "optimizer=sgd,momentum,nesterov,adagrad,rmsprop,adam",
    "optimizer.lr=${logspace:1e-3,1,25}",
    "seed=range(10)",
    "training=full_batch",
    "training.record_every=10",
]

START = "from optlab.cli.app import main; main()"

PEER = """
import csv, sys, time
import hydra, numpy as np, torch
from omegaconf import DictConfig
from optlab.datasets import load

torch.set_num_threads(1)
DATA = load({"name": "pima"})
X = torch.tensor(np.c_[DATA.train.x, np.ones(len(DATA.train.y))])
Y = torch.tensor(DATA.train.y, dtype=torch.float64)
KINDS = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "adam": (torch.optim.Adam, {}),
}

@hydra.main(config_path=None, config_name="config", version_base="1.3")
def task(config: DictConfig) -> float:
    torch.manual_seed(config.seed)
    w = torch.zeros(X.shape[1], dtype=torch.float64, requires_grad=True)
    kind, options = KINDS[config.optimizer]
    optimizer = kind([w], lr=config.lr, **options)
    rows = []
    for step in range(1001):
        optimizer.zero_grad()
        cost = torch.nn.functional.binary_cross_entropy_with_logits(X @ w, Y)
        if step % 10 == 0:
            rows.append((step, cost.item()))
        cost.backward()
        optimizer.step()
    folder = hydra.core.hydra_config.HydraConfig.get().runtime.output_dir
    with open(f"{folder}/costs.csv", "w", newline="") as file:
        csv.writer(file).writerows(rows)
    return rows[-1][1]

from hydra.core.config_store import ConfigStore
ConfigStore.instance().store("config", {"optimizer": "sgd", "lr": 0.1, "seed": 0})
begin = time.perf_counter()
task()
print("measured", time.perf_counter() - begin)
"""


def optlab_seconds() -> float:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", START, "-m", *OPTLAB, f"hydra.sweep.dir={folder}/out"]
        begin = perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return perf_counter() - begin


def peer_seconds_per_run(sample: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "peer.py")
        script.write_text(PEER)
        optimizers = "optimizer=sgd,momentum,nesterov,adagrad,rmsprop,adam"
        axes = [optimizers, "lr=0.01", f"seed=range({sample})", f"hydra.sweep.dir={folder}/out"]
        command = [sys.executable, str(script), "-m", *axes]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
        return float(done.stdout.split()[-1]) / (6 * sample)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sample", type=int, default=5, help="seeds that the peer trains of each optimizer")
    sample = parser.parse_args().sample
    ours = optlab_seconds()
    per_run = peer_seconds_per_run(sample)
    print(f"optlab -m, {RUNS} runs with tables and report: {ours:.1f} s ({1e3 * ours / RUNS:.1f} ms per run)")
    print(f"Hydra basic + PyTorch, sample of {6 * sample}: {1e3 * per_run:.0f} ms per run, "
          f"{RUNS * per_run:.0f} s extrapolated")  # fmt: skip
    print(f"optlab is faster by {RUNS * per_run / ours:.0f}x")


if __name__ == "__main__":
    main()
