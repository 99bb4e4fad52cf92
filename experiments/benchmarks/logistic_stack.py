"""Full-batch Adam on logistic regression of Pima's shape, cost recorded at every one of 1,000 steps.

    python experiments/benchmarks/logistic_stack.py [--rounds 5]      (needs the extra `bench`)

One core, float64. Peers are PyTorch run by run, plain NumPy run by run, and JAX, compiled, run by run
and with vmap over all learning rates; optlab goes through its own training loop, which records
accuracy and gradient norm besides the cost.
"""

import argparse
from typing import Any

import timing

timing.use_one_core()

import numpy as np  # noqa: E402

from optlab.core.errors import UserError  # noqa: E402
from optlab.datasets import load  # noqa: E402
from optlab.models import REGISTRY  # noqa: E402
from optlab.objective.penalty import NONE  # noqa: E402
from optlab.training.loop import RunSpec, Training, train  # noqa: E402

STEPS = 1000
PIMA = {"name": "pima", "validation_fraction": 0.0, "test_fraction": 0.0}
LIKE_PIMA = {"name": "synthetic_logistic", "n_samples": 768, "n_features": 8}
RATES = np.geomspace(1e-3, 1, 100)


def pima() -> Any:
    """Pima, standardised, all rows for training; drawn data of the same shape if it is not at hand."""
    try:
        return load(PIMA)
    except UserError as error:
        print(f"{error}\nusing synthetic data of the same shape")
        return load({**LIKE_PIMA, "validation_fraction": 0.0, "test_fraction": 0.0})


def optlab_stack(dataset: Any, rates: np.ndarray) -> np.ndarray:
    model = REGISTRY.get("logistic")(dataset.n_features, 2)
    numbers = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    members = [RunSpec("adam", {"lr": float(lr), **numbers}, NONE, 0) for lr in rates]
    history = train(model, dataset, members, Training(epochs=STEPS, record_every=1))
    return history.columns["train_cost"][-1]


def numpy_plain(dataset: Any, lr: float) -> float:
    x = np.c_[dataset.train.x, np.ones(len(dataset.train.y))]
    y = dataset.train.y.astype(float)
    w, m, v, costs = np.zeros(x.shape[1]), 0.0, 0.0, []
    for t in range(1, STEPS + 1):
        z = x @ w
        costs.append((np.logaddexp(0, z) - y * z).mean())
        g = x.T @ (1 / (1 + np.exp(-z)) - y) / len(y)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        w = w - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    z = x @ w
    return (np.logaddexp(0, z) - y * z).mean()


def pytorch(dataset: Any, lr: float) -> float:
    import torch

    torch.set_num_threads(1)
    x = torch.tensor(np.c_[dataset.train.x, np.ones(len(dataset.train.y))])
    y = torch.tensor(dataset.train.y, dtype=torch.float64)
    w = torch.zeros(x.shape[1], dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([w], lr=lr)
    loss = torch.nn.functional.binary_cross_entropy_with_logits
    costs = []
    for _ in range(STEPS):
        adam.zero_grad()
        cost = loss(x @ w, y)
        cost.backward()
        adam.step()
        costs.append(cost.item())
    return loss(x @ w, y).item()


def jax_functions(dataset: Any) -> tuple[Any, Any]:
    """Final cost of one learning rate, compiled; and of many at once."""
    import jax
    import jax.numpy as jnp
    import optax

    jax.config.update("jax_enable_x64", True)
    x = jnp.asarray(np.c_[dataset.train.x, np.ones(len(dataset.train.y))])
    y = jnp.asarray(dataset.train.y, dtype=float)

    def cost(w: Any) -> Any:
        z = x @ w
        return (jnp.logaddexp(0, z) - y * z).mean()

    def run(lr: Any) -> Any:
        adam = optax.adam(lr)

        def step(carry: Any, _: Any) -> Any:
            w, state = carry
            value, g = jax.value_and_grad(cost)(w)
            change, state = adam.update(g, state)
            return (optax.apply_updates(w, change), state), value

        w = jnp.zeros(x.shape[1])
        (w, _), costs = jax.lax.scan(step, (w, adam.init(w)), None, length=STEPS)
        return cost(w), costs

    return jax.jit(run), jax.jit(jax.vmap(run))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    dataset = pima()
    one, many = jax_functions(dataset)
    middle = float(RATES[50])
    final = [
        optlab_stack(dataset, RATES)[50],
        numpy_plain(dataset, middle),
        pytorch(dataset, middle),
        float(many(RATES)[0][50]),
    ]
    np.testing.assert_allclose(final, final[0], rtol=1e-9)  # all contenders compute the same
    contenders = [
        timing.Contender("PyTorch, one at a time", lambda: pytorch(dataset, middle), 1),
        timing.Contender("NumPy plain, one at a time", lambda: numpy_plain(dataset, middle), 1),
        timing.Contender("JAX jit, one at a time", lambda: one(middle)[0].block_until_ready(), 1),
        timing.Contender("JAX jit + vmap, 100", lambda: many(RATES)[0].block_until_ready(), 100),
        timing.Contender("optlab, 1 run", lambda: optlab_stack(dataset, RATES[:1]), 1),
        timing.Contender("optlab, 10 runs", lambda: optlab_stack(dataset, RATES[::10]), 10),
        timing.Contender("optlab, 100 runs", lambda: optlab_stack(dataset, RATES), 100),
        timing.Contender("optlab, 400 runs", lambda: optlab_stack(dataset, np.tile(RATES, 4)), 400),
    ]
    times = timing.measure(contenders, rounds)
    timing.report(
        f"Adam, {STEPS} full-batch steps on {dataset.name}", "ms per run", times, "optlab, 100 runs"
    )


if __name__ == "__main__":
    main()
