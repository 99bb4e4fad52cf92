"""Whether answers cost what is counted: counted and measured work on six shapes, in gradients on all data.

    python experiments/benchmarks/work.py

One run on one core. Time is the processor's, the least of many rounds, in each of which all answers have
a turn: other programs on the machine do not count. The ratio is that of the larger to the smaller; where both
are below SMALL gradients it is left out, for Python's overhead is all that is measured. Pima's rows are
repeated 50 times for the same reason. Hessians of more than MAX_HESSIAN rows are left out.
"""

from collections.abc import Callable
from time import process_time

from timing import use_one_core

use_one_core()

import numpy as np  # noqa: E402

from optlab import datasets, models  # noqa: E402
from optlab.core.arrays import keep_freed_memory, solve_positive_definite  # noqa: E402
from optlab.datasets.dataset import Part  # noqa: E402
from optlab.models.work import factorization  # noqa: E402
from optlab.objective.objective import Objective  # noqa: E402
from optlab.objective.penalty import penalty  # noqa: E402

ROUNDS = 15
SECONDS = 0.02
"""Of an answer's turn, at least."""

SMALL = 0.02
MAX_HESSIAN = 1000
TARGET = 1.5

SHAPES = {
    "pima x 50, logistic": ("pima", None, 50, "logistic", {}),
    "a9a (sparse), logistic": ("a9a", None, 1, "logistic", {}),
    "reuters (sparse), logistic": ("reuters", None, 1, "logistic", {}),
    "digits, softmax": ("digits", None, 1, "softmax", {}),
    "mnist, softmax": ("mnist", 10_000, 1, "softmax", {}),
    "mnist, 784-16-16-10": ("mnist", 10_000, 1, "mlp", {"hidden": [16, 16]}),
}


def objective(data: str, rows: int | None, times: int, kind: str, options: dict) -> Objective:
    """A shape, with its rows repeated so many times."""
    dataset = datasets.load({"name": data, "max_rows": rows}, "float64")
    model = models.REGISTRY.get(kind)(dataset.n_features, dataset.n_classes, **options)
    x, y = dataset.train
    part = Part(x, y) if times == 1 else Part(np.tile(x, (times, 1)), np.tile(y, times))
    return Objective(model, model.prepare(part, np.dtype(float)), penalty(l2=1e-3))


def answers(objective: Objective) -> dict[str, tuple[float, Callable[[], object]]]:
    """What may be asked: its counted work, and how it is computed."""
    rng, n = np.random.default_rng(0), objective.model.n_parameters
    w, v, first = 0.05 * rng.normal(size=(1, n)), rng.normal(size=(1, n)), np.arange(1)
    work, product = objective.work, objective.hessian_operator(w)
    once, each = objective.operator_work()
    asked: dict[str, tuple[float, Callable[[], object]]] = {
        "gradient": (work("gradient"), lambda: objective.evaluate(w, gradient=True)),
        "value": (work("value"), lambda: objective.evaluate(w)),
        "product": (work("curvature") + work("product"), lambda: objective.hessian_vector(w, v)),
        "many products": (once + 20 * each, lambda: many(objective.hessian_operator(w), first, v)),
        "one of them": (each, lambda: product(first, v)),
    }
    if n <= MAX_HESSIAN:
        solved = work("hessian") + factorization(n)
        asked["hessian"] = solved, lambda: solve_positive_definite(objective.hessian(w), v)
    return asked


def many(product: Callable, first: np.ndarray, v: np.ndarray) -> None:
    """20 products at one point."""
    for _ in range(20):
        product(first, v)


def measure(computed: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds of each."""

    def spent(compute: Callable[[], object], number: int) -> float:
        begin = process_time()
        for _ in range(number):
            compute()
        return (process_time() - begin) / number

    numbers = {}
    for name, compute in computed.items():
        compute()
        numbers[name] = max(1, int(SECONDS / spent(compute, 1)))
    best = dict.fromkeys(computed, float("inf"))
    for _ in range(ROUNDS):
        for name, compute in computed.items():
            best[name] = min(best[name], spent(compute, numbers[name]))
    return best


def main() -> None:
    keep_freed_memory()
    worst = 1.0
    print(f"{'data and model':28} {'answer':14} {'counted':>9} {'measured':>9} {'ratio':>6}")
    for title, shape in SHAPES.items():
        asked = answers(objective(*shape))
        seconds = measure({name: compute for name, (_, compute) in asked.items()})
        (_, (unit, _)), *others = asked.items()
        for name, (counted, _) in others:
            pair = counted / unit, seconds[name] / seconds["gradient"]
            ratio = max(pair) / min(pair)
            compared = max(pair) >= SMALL
            worst = max(worst, ratio) if compared else worst
            shown = f"{ratio:6.2f}" if compared else f"{'–':>6}"
            print(f"{title:28} {name:14} {pair[0]:9.4f} {pair[1]:9.4f} {shown}", flush=True)
    print(f"\nlargest ratio {worst:.2f}, at most {TARGET} is wanted")


if __name__ == "__main__":
    main()
