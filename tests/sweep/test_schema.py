import pytest

from optlab.errors import UserError


def test_missing_options_are_filled_in_and_integers_become_floats(config):
    made = config(optimizer__lr=1)
    expected = {"name": "adam", "lr": 1.0, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    assert expected.items() <= made["optimizer"].items()
    assert isinstance(made["optimizer"]["lr"], float)
    assert made["seed"] == 0 and made["dtype"] == "float64"
    assert made["model"]["l2"] == 0.01


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"optimizer__lr": -1}, "optimizer.lr=-1"),
        ({"optimizer__lr": "fast"}, "optimizer.lr=fast"),
        ({"optimizer__beta1": 1}, r"optimizer.beta1=1: .*\[0, 1\)"),
        ({"optimizer__lrr": 1}, "optimizer.lrr=1: adam has no option 'lrr'; did you mean 'lr'"),
        ({"optimizer__name": "adm"}, "did you mean 'adam'"),
        ({"optimizer": None}, "optimizer=None: must be a section"),
        ({"model__l2": -1}, "model.l2=-1"),
        ({"model__hiden": [3]}, "model.hiden"),
        ({"training__batch_size": 0}, "training.batch_size=0"),
        ({"training__epochs": None}, "no budget"),
        ({"dtype": "float16"}, "^dtype=float16"),
        ({"seed": -1}, "^seed=-1"),
        ({"sede": 1}, "did you mean 'seed'"),
        ({"objective_metric": "speed"}, "^objective_metric=speed"),
    ],
)
def test_a_mistake_is_named_with_key_and_value(config, changes, told):
    with pytest.raises(UserError, match=told):
        config(**changes)
