import pytest

import optlab


@pytest.fixture
def jobs(config):
    return [
        (config(optimizer__lr=r, seed=s, training__batch_size=20), (f"optimizer.lr={r}", f"seed={s}"))
        for s in (0, 1, 2)
        for r in (0.1, 1.0, 2.0)
    ]


@pytest.fixture
def registered():
    """A function that registers an optimizer for one test."""
    added = []

    def register(factory):
        added.append(factory.__name__)
        return optlab.register("optimizer", "gradient")(factory)

    yield register
    for name in added:
        del optlab.optimizers.REGISTRY._entries[name]
