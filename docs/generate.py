"""Writes docs/optimizers.md: what docstring, signature and state of every optimizer and schedule say of it.

python docs/generate.py
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from optlab import optimizers
from optlab.core.docstring import Doc, parse
from optlab.core.options import annotations, defaults, describe
from optlab.datasets.dataset import Part
from optlab.models import REGISTRY as MODELS
from optlab.objective.objective import Objective
from optlab.objective.oracle import Oracle
from optlab.objective.penalty import penalty
from optlab.optimizers import REGISTRY
from optlab.optimizers.groups import group_options
from optlab.training import schedules
from optlab.training.block import arrays

PAGE = Path(__file__).parent / "optimizers.md"

HEAD = """\
# Optimizers

Made from the docstrings by `docs/generate.py`; do not edit.

g is the gradient of the cost J on the batch of the step, w the parameters. *Asks for* names what a method
asks of the objective in a step: its value, its gradient (at w, or elsewhere), the Hessian, products of the
Hessian with vectors, or the slopes of every sample's loss in its scores. *Keeps* counts the numbers in the
state of one run, with the default options: P parameters, n samples (for softmax times the number of classes),
in x out numbers in the matrix of a layer.
*Rate* says whether `lr` is to be tuned (`auto`: theory gives one, too), *batches* what a method is made for.

A method that updates each parameter from its own gradient alone *has parameter groups*: two more options,
`decay_biases` (`false`: weight decay acts on weights only; `true`, as in PyTorch, on biases and intercepts
too) and `layer_rates` (factors of the learning rate, one for each layer, such as `[1, 0.1]`).
"""

UNITS: dict[str, Callable[[int, int, int], int]] = {
    "P": lambda d, k, n: (d + 1) * k,
    "P^2": lambda d, k, n: (d + 1) ** 2 * k**2,
    "in^2": lambda d, k, n: d * d,
    "out^2": lambda d, k, n: k * k,
    "out": lambda d, k, n: k,
    "n": lambda d, k, n: n,
    "": lambda d, k, n: 1,
}
"""What numbers in a state are counted in, for d features, k scores and n samples."""

SCHEDULES = """\
## Schedules

A schedule gives a factor for every step t = 1, 2, ..., with which the learning rate is multiplied:
`schedule=cosine schedule.warmup_steps=100`. With warm-up the factor first rises linearly, t / warmup_steps;
what is said of step t then holds of step t - warmup_steps, and a horizon ends where it would have ended
without.

Other numbers of an optimizer have schedules of their own by name, in `schedule.also`, an option of every
schedule. Here the momentum falls and rises while the learning rate rises and falls:

```bash
optlab optimizer=momentum schedule=one_cycle \\
    'schedule.also={momentum: {name: one_cycle, start: 1, middle: 0.9, final: 1}}'
```
"""


def state_size(name: str) -> str:
    """Numbers in the state of a run after a few steps, in parameters, samples and sides; measured."""
    if REGISTRY.entry(name).family == "other libraries":
        return "what the target keeps"
    of_matrices = "matrices" in optimizers.asks(name)
    names = ("P", "in^2", "out^2", "out", "n", "") if of_matrices else ("P^2", "P", "n", "")
    units = {name: UNITS[name] for name in names}
    sizes = [(4, 3, 30), (9, 3, 30), (4, 5, 30), (7, 4, 30), (6, 6, 30), (4, 3, 50)]
    sizes = sizes if of_matrices else [(d, 1, n) for d, _, n in sizes]
    known = [[unit(*size) for unit in units.values()] for size in sizes]
    solved = np.linalg.lstsq(np.array(known, float), [_numbers(name, *size) for size in sizes])[0]
    terms = [(round(number), unit) for number, unit in zip(solved, units, strict=True) if round(number)]
    words = [unit if number == 1 and unit else f"{number} {unit}".strip() for number, unit in terms]
    return " + ".join(words) or "nothing"


def _numbers(name: str, d: int, k: int, n: int) -> int:
    """Of a problem with d features, k scores and n samples."""
    rng = np.random.default_rng(0)
    model = MODELS.get("softmax" if k > 1 else "logistic")(d, max(k, 2))
    y = np.arange(n) % model.n_classes
    samples = model.prepare(Part(rng.normal(size=(n, d)) + y[:, None], y), np.dtype(float))
    objective = Oracle(Objective(model, samples, penalty(l2=0.1)))
    rule, w = REGISTRY.get(name)(), np.zeros((1, model.n_parameters))
    state = rule.init(w, objective)
    for _ in range(12):  # more than L-BFGS keeps by default
        w, state = rule.update(w, state, objective)
    return sum(array.size for array in arrays(state))


def row(name: str) -> str:
    """The line of one optimizer in the table of its family."""
    method = REGISTRY.entry(name)
    title = re.split(r"[:;,]", parse(method.factory.__doc__ or "").summary)[0].rstrip(".")
    asks = ", ".join(sorted(method.asks))
    rate = ("tuned" if method.tuned else "none") + (", auto" if method.auto else "")
    batches = {"any": "any", "mini": "mini-batches", "full": "full"}[method.batches]
    return f"| [`{name}`](#{name}) | {title} | {asks} | {state_size(name)} | {rate} | {batches} |"


def section(name: str) -> str:
    """What the page says of one optimizer."""
    doc = parse(REGISTRY.get(name).__doc__ or "")
    asks = ", ".join(f"`{asked}`" for asked in sorted(optimizers.asks(name)))
    hessian = "; forms the Hessian, P^2 numbers, in every step" if "hessian" in optimizers.asks(name) else ""
    facts = f"Asks for {asks}. Keeps {state_size(name)}{hessian}."
    if group_options(name):
        facts += " Has parameter groups."
    return "\n\n".join([f"## {name}", *_description(doc, REGISTRY.get(name)), facts, *_reference(doc)])


def schedule_section(name: str) -> str:
    """What the page says of one schedule."""
    factory = schedules.REGISTRY.get(name)
    doc = parse(factory.__doc__ or "")
    return "\n\n".join([f"### {name}", *_description(doc, factory), *_reference(doc)])


def _description(doc: Doc, factory: Callable[..., Any]) -> list[str]:
    """Summary, equations and the table of options."""
    rows = ["| option | default | range | meaning |", "|---|---|---|---|"]
    given = defaults(factory)
    for option, hint in annotations(factory).items():
        default = f"`{_yaml(given[option])}`" if option in given else "to be given"
        meaning = doc.options[option].replace("|", "\\|")
        rows.append(f"| `{option}` | {default} | {describe(hint)} | {meaning} |")
    body = [f"```text\n{block.text}\n```" if block.is_equation else block.text for block in doc.body]
    return [doc.summary, *body, "\n".join(rows)]


def _reference(doc: Doc) -> list[str]:
    return [f"Reference: {doc.reference}"] if doc.reference else []


def page() -> str:
    """The whole page."""
    families = optimizers.families()
    parts = [HEAD.strip()]
    for family, names in families.items():
        rows = ["| optimizer | | asks for | keeps | rate | batches |", "|---|---|---|---|---|---|"]
        parts += [f"**{family[0].upper()}{family[1:]}**", "\n".join([*rows, *map(row, names)])]
    parts += map(section, REGISTRY.names())
    parts += [SCHEDULES.strip(), *map(schedule_section, schedules.REGISTRY.names())]
    return "\n\n".join(parts) + "\n"


def _yaml(value: Any) -> str:
    """A default as YAML writes it."""
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    PAGE.write_text(page())
