"""Optimizers of PyTorch and optax: they do what optlab's own do, and what is none is refused in one line."""

import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.models import REGISTRY as MODELS
from optlab.objective.penalty import NONE
from optlab.optimizers import REGISTRY, target
from optlab.training.loop import RunSpec, Training, train
from optlab.training.schedules import exponential
from tests.test_consistency import data

PAGE = Path(__file__).parents[2] / "docs" / "bring_your_own.md"
RATES = (0.01, 0.1)


def runs(name, **options):
    given = {**defaults(REGISTRY.get(name)), **options}
    return [RunSpec(name, {**given, "lr": lr}, NONE, 0) for lr in RATES]


def trained(members, schedule=None, batch_size=20, model="mlp", dtype="float64"):
    options = {"hidden": [3], "activation": "tanh"} if model == "mlp" else {}
    training = Training(batch_size=batch_size, epochs=4, record_parameters="final")
    return train(MODELS.get(model)(4, 2, **options), data("dense"), members, training, schedule, dtype)


TWINS = {
    "torch-adam": (runs("torch", options={"betas": [0.8, 0.99]}), runs("adam", beta1=0.8, beta2=0.99)),
    "torch-amsgrad": (runs("torch", options={"amsgrad": True}), runs("amsgrad")),
    "torch-sgd": (runs("torch", target="torch.optim.SGD", options={"momentum": 0.9}), runs("momentum")),
    "optax-adam": (runs("optax", options={"b1": 0.8}), runs("adam", beta1=0.8)),
    "optax-lion": (
        runs("optax", target="optax.lion", options={"weight_decay": 0.0}),
        runs("lion"),
    ),
}


@pytest.mark.parametrize("case", TWINS)
def test_a_method_of_another_library_goes_the_way_of_optlabs_own(case):
    schedule = exponential(12, gamma=0.9)
    theirs, ours = (trained(members, schedule) for members in TWINS[case])
    np.testing.assert_allclose(theirs.parameters, ours.parameters, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(theirs.columns["gradient_evals"], ours.columns["gradient_evals"])


@pytest.mark.parametrize("name", ["torch", "optax"])
def test_single_precision_stays_and_a_diverging_run_leaves_its_neighbour_alone(name):
    members = runs(name, target={"torch": "torch.optim.SGD", "optax": "optax.sgd"}[name])
    wild = members[0]._replace(options={**members[0].options, "lr": 1e30})
    history = trained([*members, wild], dtype="float32")
    assert history.parameters.dtype == np.float32 and list(history.status[:2]) == ["completed"] * 2
    assert history.status[2] == "diverged"
    np.testing.assert_allclose(
        history.parameters[:2], trained(members, dtype="float32").parameters, rtol=1e-5
    )


def test_a_closure_is_given_where_one_is_needed_and_what_it_asks_is_counted():
    members = runs("torch", target="torch.optim.LBFGS", options={"max_iter": 4})
    history = trained(members, batch_size=None, model="logistic")
    assert (history.final("train_cost") < history.columns["train_cost"][0]).all()
    assert (history.final("gradient_evals") > 4).all()
    np.testing.assert_array_equal(history.final("gradient_evals"), history.final("value_evals"))


MISTAKES = [
    ("torch", "torch.optim.Addam", {}, r"cannot be imported \(AttributeError"),
    ("torch", "nowhere.Adam", {}, r"cannot be imported \(ModuleNotFoundError"),
    ("torch", "Adam", {}, r"cannot be imported"),
    ("torch", "torch.nn.Linear", {}, r"is no subclass of torch\.optim\.Optimizer"),
    ("torch", "torch.optim.Adam", {"beta": 1}, r"options=\{beta: 1\}: .*beta.*; it takes lr, betas, eps"),
    ("torch", "torch.optim.Adam", {"eps": -1.0}, r"options=\{eps: -1\.0\}: Invalid epsilon"),
    ("torch", "tests.optimizers.test_other_libraries.Idle", {}, r"have changed no parameter"),
    ("optax", "optax.addam", {}, r"cannot be imported"),
    ("optax", "builtins.dict", {}, r"makes a dict, no gradient transformation"),
    ("optax", "optax.adam", {"beta": 1}, r"options=\{beta: 1\}: .*beta.*; it takes learning_rate, b1"),
]


@pytest.mark.parametrize("name, path, options, words", MISTAKES)
def test_what_is_no_optimizer_is_refused_in_one_line(name, path, options, words):
    with pytest.raises(UserError, match=words) as error:
        trained(runs(name, target=path, options=options), model="logistic")
    assert str(error.value).startswith(f"optimizer.target={path}")


@pytest.mark.parametrize("name", ["torch", "optax"])
def test_a_library_that_is_missing_is_named_with_what_brings_it(name, monkeypatch):
    def missing(package):
        raise ModuleNotFoundError(f"No module named '{package}'")

    monkeypatch.setattr(target, "import_module", missing)
    with pytest.raises(UserError, match=rf"^optimizer={name}: {name} is not installed .*'\.\[{name}\]'"):
        REGISTRY.get(name)()


def test_the_examples_of_the_page_train(tmp_path, monkeypatch):
    numpy_rule, torch_class, optax_function = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S)
    (tmp_path / "examples_of_page.py").write_text(torch_class + "\n\n" + optax_function)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(REGISTRY, "_entries", dict(REGISTRY._entries))
    exec(numpy_rule, {"__name__": "notebook"})
    importlib.invalidate_caches()
    for name, options in (
        ("sign_momentum", {}),
        ("torch", {"target": "examples_of_page.HalfStep"}),
        ("optax", {"target": "examples_of_page.clipped_sgd"}),
    ):
        history = trained(runs(name, **options), model="logistic")
        assert (history.final("train_cost") < history.columns["train_cost"][0]).all()
    half = trained(runs("torch", target="examples_of_page.HalfStep"))
    whole = trained(
        [run._replace(options={**run.options, "lr": run.options["lr"] / 2}) for run in runs("sgd")]
    )
    np.testing.assert_allclose(half.parameters, whole.parameters, rtol=1e-10)
    sys.modules.pop("examples_of_page")


def __getattr__(name):
    """An optimizer that does nothing, made where PyTorch is imported anyway."""
    if name != "Idle":
        raise AttributeError(name)
    import torch

    class Idle(torch.optim.Optimizer):
        def __init__(self, params, lr=0.1):
            super().__init__(params, {"lr": lr})

        def step(self, closure=None):
            pass

    return Idle
