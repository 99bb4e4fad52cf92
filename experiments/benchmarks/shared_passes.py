"""Where several optimizers in one stack are faster than a stack for each: they share their passes.

    python experiments/benchmarks/shared_passes.py

Every line trains the same runs twice, in turns: all kinds together, and each kind in a stack of its own.
Logistic regression on breast_cancer, full batch, and a network 64-16-10 on digits, batches of 64.
"""

from itertools import chain

from timing import Contender, measure, use_one_core

use_one_core()

from optlab import datasets, models  # noqa: E402
from optlab.core.options import defaults  # noqa: E402
from optlab.datasets import Dataset  # noqa: E402
from optlab.models import Model  # noqa: E402
from optlab.objective.penalty import penalty  # noqa: E402
from optlab.optimizers import REGISTRY  # noqa: E402
from optlab.training.loop import RunSpec, Training, train  # noqa: E402

FIRST_ORDER = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
FEW = {"6 first-order x 5": dict.fromkeys(FIRST_ORDER, 5)}
MANY = {"6 first-order x 25": dict.fromkeys(FIRST_ORDER, 25)}
BEYOND = {f"adam x 25, {name} x {n}": {"adam": 25, name: n} for name, n in [("lbfgs", 25), ("newton", 5)]}
FULL = Training(epochs=None, max_steps=200, record_every=10)
BATCHES = Training(batch_size=64, epochs=None, max_steps=200)
PROBLEMS = [
    ("breast_cancer", "logistic", {}, FULL, FEW | MANY | BEYOND),
    ("digits", "mlp", {"hidden": [16]}, BATCHES, FEW | MANY),
]


def members(name: str, number: int) -> list[RunSpec]:
    """Runs that differ in the learning rate; beyond first order they are alike."""
    options = defaults(REGISTRY.get(name))
    rates = [0.01 * (1 + i) if name in FIRST_ORDER else options["lr"] for i in range(number)]
    return [RunSpec(name, {**options, "lr": rate}, penalty(l2=0.01), 0) for rate in rates]


def gain(model: Model, dataset: Dataset, training: Training, mix: dict[str, int]) -> dict[str, float]:
    """Milliseconds of the two ways."""
    groups = [members(name, number) for name, number in mix.items()]

    def trained(stacks: list[list[RunSpec]]) -> None:
        for stack in stacks:
            train(model, dataset, stack, training)

    together = [list(chain.from_iterable(groups))]
    ways = {"together": lambda: trained(together), "each": lambda: trained(groups)}
    return measure([Contender(name, work, 1) for name, work in ways.items()])


def main() -> None:
    print(f"{'data':14} {'runs':24} {'together, ms':>13} {'a stack each, ms':>17} {'gain':>6}")
    for data, kind, options, training, mixes in PROBLEMS:
        dataset = datasets.load({"name": data}, "float64")
        model = models.REGISTRY.get(kind)(dataset.n_features, dataset.n_classes, **options)
        for title, mix in mixes.items():
            times = gain(model, dataset, training, mix)
            together, each = times["together"], times["each"]
            print(f"{data:14} {title:24} {together:13.0f} {each:17.0f} {each / together:6.2f}", flush=True)


if __name__ == "__main__":
    main()
