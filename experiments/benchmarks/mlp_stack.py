"""Adam on the network 784-16-16-10 (ReLU, 13,002 parameters), mini-batches of 128, float32.

    python experiments/benchmarks/mlp_stack.py [--rounds 5]      (needs the extra `bench`)

One core. Peers are PyTorch and plain NumPy run by run, and JAX with vmap over the runs; all read the
same batches, and only training steps are timed.
"""

import argparse
from itertools import pairwise
from typing import Any

import timing

timing.use_one_core()

import numpy as np  # noqa: E402

from optlab.datasets.dataset import Dataset, Part  # noqa: E402
from optlab.models import REGISTRY  # noqa: E402
from optlab.objective.penalty import NONE  # noqa: E402
from optlab.training.loop import RunSpec, Training, train  # noqa: E402

STEPS, BATCH, SIZES = 60, 128, [784, 16, 16, 10]
N = STEPS * BATCH


def data() -> Dataset:
    """One epoch of random images and labels; the time of a step does not depend on what they show."""
    rng = np.random.default_rng(0)
    x, y = rng.random((N, SIZES[0]), np.float32), rng.integers(0, SIZES[-1], N)
    none = Part(np.empty((0, SIZES[0]), np.float32), np.empty(0, int))
    features, classes = (tuple(map(str, range(count))) for count in (SIZES[0], SIZES[-1]))
    return Dataset("random", Part(x, y), none, none, features, classes, "")


def optlab_stack(dataset: Dataset, runs: int) -> float:
    """Seconds that the steps took; the training loop measures its costs outside of this time."""
    model = REGISTRY.get("mlp")(SIZES[0], SIZES[-1], hidden=SIZES[1:-1])
    numbers = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    members = [
        RunSpec("adam", {"lr": lr, **numbers}, NONE, 0) for lr in np.geomspace(1e-4, 1e-2, runs).tolist()
    ]
    stop = Training(batch_size=BATCH, epochs=1, record_every=10 * STEPS)
    return train(model, dataset, members, stop, dtype="float32").seconds[-1]


def numpy_plain(dataset: Dataset) -> None:
    rng = np.random.default_rng(0)
    shapes = list(pairwise(SIZES))
    w = [rng.normal(0, i**-0.5, (i, o)).astype(np.float32) for i, o in shapes]
    b = [np.zeros(o, np.float32) for _, o in shapes]
    parameters = [*w, *b]
    m, v = ([np.zeros_like(p) for p in parameters] for _ in range(2))
    for t in range(1, STEPS + 1):
        rows = slice((t - 1) * BATCH, t * BATCH)
        a, y = [dataset.train.x[rows]], dataset.train.y[rows]
        for layer in range(3):
            z = a[-1] @ w[layer] + b[layer]
            a.append(np.maximum(z, 0) if layer < 2 else z)
        e = np.exp(a[-1] - a[-1].max(1, keepdims=True))
        delta = e / e.sum(1, keepdims=True)
        delta[np.arange(BATCH), y] -= 1
        delta /= BATCH
        grads: list[Any] = [None] * 6
        for layer in (2, 1, 0):
            grads[layer], grads[3 + layer] = a[layer].T @ delta, delta.sum(0)
            if layer:
                delta = (delta @ w[layer].T) * (a[layer] > 0)
        for p, g, mean, square in zip(parameters, grads, m, v, strict=True):
            mean += 0.1 * (g - mean)
            square += 0.001 * (g**2 - square)
            p -= 1e-3 * (mean / (1 - 0.9**t)) / (np.sqrt(square / (1 - 0.999**t)) + 1e-8)


def pytorch(dataset: Dataset) -> None:
    import torch

    torch.set_num_threads(1)
    x, y = torch.from_numpy(dataset.train.x), torch.from_numpy(dataset.train.y)
    layers: list[Any] = []
    for fan_in, fan_out in pairwise(SIZES):
        layers += [torch.nn.Linear(fan_in, fan_out), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1])
    adam = torch.optim.Adam(network.parameters(), lr=1e-3)
    for start in range(0, N, BATCH):
        adam.zero_grad()
        output = network(x[start : start + BATCH])
        torch.nn.functional.cross_entropy(output, y[start : start + BATCH]).backward()
        adam.step()


def jax_stack(dataset: Dataset, runs: int) -> Any:
    """All runs compiled into one function of their learning rates."""
    import jax
    import jax.numpy as jnp
    import optax

    x = jnp.asarray(dataset.train.x).reshape(STEPS, BATCH, -1)
    y = jnp.asarray(dataset.train.y.astype(np.int32)).reshape(STEPS, BATCH)
    shapes = list(pairwise(SIZES))
    keys = jax.random.split(jax.random.PRNGKey(0), 3)
    start = [
        (jax.random.normal(key, shape) * shape[0] ** -0.5, jnp.zeros(shape[1]))
        for key, shape in zip(keys, shapes, strict=True)
    ]

    def cost(layers: Any, x: Any, y: Any) -> Any:
        for w, b in layers[:-1]:
            x = jax.nn.relu(x @ w + b)
        w, b = layers[-1]
        return optax.softmax_cross_entropy_with_integer_labels(x @ w + b, y).mean()

    def run(lr: Any, x: Any, y: Any) -> Any:
        adam = optax.adam(lr)

        def step(carry: Any, batch: Any) -> Any:
            layers, state = carry
            change, state = adam.update(jax.grad(cost)(layers, *batch), state)
            return (optax.apply_updates(layers, change), state), None

        return jax.lax.scan(step, (start, adam.init(start)), (x, y))[0][0][0][0]

    compiled = jax.jit(jax.vmap(run, in_axes=(0, None, None)))
    rates = jnp.geomspace(1e-4, 1e-2, runs)
    return lambda: compiled(rates, x, y).block_until_ready()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    dataset = data()
    contenders = [
        timing.Contender("PyTorch, one at a time", lambda: pytorch(dataset), STEPS),
        timing.Contender("NumPy plain, one at a time", lambda: numpy_plain(dataset), STEPS),
        *(
            timing.Contender(f"JAX jit + vmap, {runs}", jax_stack(dataset, runs), runs * STEPS)
            for runs in (30, 100)
        ),
        *(
            timing.Contender(
                f"optlab, {runs} runs", lambda runs=runs: optlab_stack(dataset, runs), runs * STEPS, True
            )
            for runs in (1, 10, 30, 100)
        ),
    ]
    times = timing.measure(contenders, rounds)
    timing.report("Adam, 784-16-16-10, batch 128, float32", "ms per run, step", times, "optlab, 30 runs")


if __name__ == "__main__":
    main()
