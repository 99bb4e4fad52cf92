"""Times contenders in turns on one core, and prints their ratios."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

ONE_CORE = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


def use_one_core() -> None:
    """Must be called before NumPy, PyTorch or JAX are imported."""
    os.environ.update(ONE_CORE)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


@dataclass
class Contender:
    """A piece of work that does `units` units (runs, or runs times steps) each time it is called."""

    name: str
    work: Callable[[], object]
    units: float
    returns_seconds: bool = False  # the work returns the seconds that count


def measure(contenders: list[Contender], rounds: int = 5) -> dict[str, float]:
    """Milliseconds per unit: the least of some rounds, in each of which all contenders have a turn."""
    best = {contender.name: float("inf") for contender in contenders}
    for contender in contenders:
        contender.work()  # compilation, caches, first touch of memory
    for _ in range(rounds):
        for contender in contenders:
            begin = perf_counter()
            result = contender.work()
            seconds = perf_counter() - begin
            if contender.returns_seconds:
                seconds = float(result)  # type: ignore[arg-type]
            spent = 1e3 * seconds / contender.units
            best[contender.name] = min(best[contender.name], spent)
    return best


def report(title: str, unit: str, times: dict[str, float], ours: str) -> None:
    """Print the times and how many times as fast as each contender `ours` is."""
    width = max(map(len, times))
    print(f"\n{title}\n{'':{width}}  {unit:>16}  {ours + ' is faster by':>30}")
    for name, spent in times.items():
        print(f"{name:{width}}  {spent:16.3f}  {spent / times[ours]:29.2f}x")
