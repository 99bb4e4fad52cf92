"""What the user registers is an option of Hydra's groups by its signature alone."""

import sys

import numpy as np
import pytest

import optlab
from optlab.core.errors import UserError
from optlab.datasets import RawData
from optlab.launch.registered import import_files, section
from optlab.models import REGISTRY, Model
from optlab.optimizers import Rule
from optlab.training.schedules import Schedule


def halving(budget: int, /, factor: float = 0.5) -> Schedule:
    return lambda t: factor**t


def small(n_features: int, n_classes: int, /, width: int = 2) -> Model:
    return REGISTRY.get("mlp")(n_features, n_classes, hidden=[width])


def stripes(*, n: int = 40) -> RawData:
    x = np.random.default_rng(0).normal(size=(n, 2))
    return RawData(x, (np.sin(3 * x[:, 0]) > 0).astype(int), ("a", "b"), ("no", "yes"))


def plain(lr: float = 0.1) -> Rule:
    return Rule(lambda w, o: (), lambda w, state, o: (w - lr * o.gradient(w), state))


@pytest.fixture
def registered(registries):
    for function in (halving, small, stripes, plain):
        optlab.register(function)


def test_all_kinds_are_trained_without_a_file(registered, tmp_path):
    choices = ["dataset=stripes", "model=small", "schedule=halving", "optimizer=plain,adam"]
    values = [
        "dataset.n=50",
        "model.width=3",
        "schedule.factor=0.9",
        "optimizer.lr=0.1,1",
        "training.epochs=2",
    ]
    runs = optlab.sweep([*choices, *values, "training.epochs=2"], tmp_path).runs
    assert len(runs) == 4 and set(runs["optimizer"]) == {"plain", "adam"}
    assert runs["config"].str.contains('"width": 3').all() and (runs["status"] == "completed").all()


def test_a_section_has_all_options_at_their_defaults(registered):
    assert section("schedule", "halving") == {"name": "halving", "factor": 0.5, "also": None}
    assert section("model", "small")["l2"] == 0.0 and section("model", "small")["width"] == 2
    assert section("dataset", "stripes")["standardize"] is True


def test_an_option_without_a_default_is_asked_for(registries):
    @optlab.register
    def paced(lr: float) -> Rule:
        return plain(lr)

    with pytest.raises(UserError, match=r"optimizer\.lr=null: must be a number"):
        optlab.sweep(["optimizer=paced"])


def test_an_unknown_option_is_told(registered):
    with pytest.raises(UserError, match="optimizer has no option 'beta'"):
        optlab.sweep(["optimizer=plain", "optimizer.beta=1"])


def test_a_rule_that_mixes_runs_is_refused_before_training(registries):
    @optlab.register
    def mixing(lr: float = 0.1) -> Rule:
        return Rule(lambda w, o: (), lambda w, state, o: (w - lr * o.gradient(w) + w.mean(0), state))

    with pytest.raises(UserError, match=r"optimizer=mixing .* a run alone is another one than in a stack"):
        optlab.sweep(["optimizer=mixing,adam", "training.epochs=1"])


def test_what_does_not_say_its_kind_is_refused():
    def silent(lr=0.1): ...

    with pytest.raises(UserError, match="register: silent does not say what it makes"):
        optlab.register(silent)


def test_wrong_signatures_are_told_in_one_line():
    def model(n_features: int, width: int = 2) -> Model: ...

    def rule(*options: float) -> Rule: ...

    with pytest.raises(UserError, match=r"model=model .* must take n_features, n_classes, /, and then its"):
        optlab.register(model)
    with pytest.raises(UserError, match=r"optimizer=rule .*: .options is no option; name each option"):
        optlab.register(rule)


def test_the_files_of_a_folder_are_imported_or_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv("PYTHONPATH", "")
    (tmp_path / "broken_file_of_mine.py").write_text("1 / 0")
    with pytest.raises(UserError, match=r"broken_file_of_mine\.py: cannot be imported \(ZeroDivisionError"):
        import_files(tmp_path)
    (tmp_path / "broken_file_of_mine.py").unlink()
    (tmp_path / "json.py").write_text("")
    with pytest.raises(UserError, match=r"json\.py: another module is called json; rename the file"):
        import_files(tmp_path)
