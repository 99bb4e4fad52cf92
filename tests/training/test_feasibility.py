"""What cannot be trained is refused in one line, before anything is."""

import pytest

from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.models import REGISTRY as MODELS
from optlab.objective.penalty import NONE, Penalty
from optlab.optimizers import REGISTRY, Rule
from optlab.optimizers.rule import Method
from optlab.training.feasibility import check
from optlab.training.run import RunSpec
from optlab.training.settings import Training
from tests.test_consistency import data


@pytest.fixture
def rough() -> Penalty:
    """A penalty that is not smooth."""
    return Penalty({"l1": 0.1})


def checked(optimizer: str, penalty: Penalty) -> None:
    member = RunSpec(optimizer, defaults(REGISTRY.get(optimizer)), penalty, 0)
    check(MODELS.get("logistic")(4, 2), data("dense"), [member], Training(), "float64")


@pytest.mark.parametrize("optimizer", REGISTRY.names())
def test_a_method_that_needs_a_gradient_refuses_a_penalty_without_one(optimizer, rough):
    if REGISTRY.entry(optimizer).asks & {"prox", "l1"}:
        return checked(optimizer, rough)
    with pytest.raises(
        UserError, match=rf"^optimizer={optimizer} model\.l1=0\.1: .*a gradient, which"
    ) as error:
        checked(optimizer, rough)
    assert "\n" not in str(error.value)


def test_a_method_that_asks_for_prox_is_allowed_and_named_as_the_remedy(rough, monkeypatch):
    def mine() -> Rule:
        return Rule(lambda w, o: None, lambda w, s, o: (o.prox(w - o.gradient(w), 1.0), s))

    monkeypatch.setitem(REGISTRY._entries, "mine", Method(mine, frozenset({"gradient", "prox"})))
    checked("mine", rough)
    with pytest.raises(UserError, match=r"use one of optimizer=.*mine"):
        checked("adam", rough)


@pytest.mark.parametrize(
    ("training", "dropout", "what"),
    [(Training(batch_size=5), 0.0, "batches"), (Training(), 0.5, "masks of dropout")],
)
def test_several_seeds_are_refused_where_they_draw_what_the_runs_share(training, dropout, what):
    members = [RunSpec("sgd", defaults(REGISTRY.get("sgd")), NONE, seed) for seed in (3, 1)]
    network, plain = (MODELS.get("mlp")(4, 2, hidden=[3], dropout=rate) for rate in (dropout, 0.0))
    with pytest.raises(UserError, match=f"^seed=1,3: .* the same {what}, which the seed draws"):
        check(network, data("dense"), members, training, "float64")
    check(plain, data("dense"), members, Training(batch_size=1000), "float64")  # of 60 samples: all of them
    check(network, data("dense"), members[:1], training, "float64")
