import pytest
from hydra.core.object_type import ObjectType

from optlab.core.errors import UserError
from optlab.core.shipped import folder
from optlab.launch.search import ExperimentSource, default, logspace, loguniform, methods
from optlab.optimizers import families


def test_logspace_includes_both_ends():
    assert logspace(1e-4, 1, 5) == "0.0001,0.001,0.01,0.1,1"
    assert logspace(0.5, 0.5, 1) == "0.5"


@pytest.mark.parametrize(
    "arguments",
    [
        (0, 1, 3),
        (1, -1, 3),
        (1e-3, 1, 0),
        (1e-3, 1, 2.5),
        ("a", 1, 3),
        (1, float("inf"), 3),
        (1, float("nan"), 3),
        (1, 2),
        (1, 2, 3, 4),
    ],
)
def test_logspace_refuses_what_has_no_logarithm(arguments):
    with pytest.raises(UserError, match="logspace"):
        logspace(*arguments)


def test_default_replaces_null_only():
    assert default(None, "sweep") == "sweep"
    assert default("pima", "sweep") == "pima"


def test_the_experiments_are_offered_as_one_group():
    source = ExperimentSource("optlab", f"experiments://{folder('experiments')}")
    assert (
        source.available() and source.is_group("experiment") and not source.is_group("experiment/benchmarks")
    )
    assert source.list("", None) == ["experiment"]
    assert {"quickstart", "pima", "mnist"} <= set(source.list("experiment", ObjectType.CONFIG))
    assert (
        source.is_config("experiment/pima")
        and not source.is_config("pima")
        and not source.is_config("experiment")
    )
    assert source.load_config("experiment/pima").config.hydra.sweeper.params.problem == "pima_logistic"


def test_the_help_names_every_method_in_the_line_of_its_family():
    lines = [line.strip().split(": ") for line in methods().splitlines()]
    assert {family: names.split(", ") for family, names in lines} == families()


def test_loguniform_draws_between_its_ends_evenly_on_a_log_scale():
    rates = [float(rate) for rate in loguniform(1e-4, 1, 400).split(",")]
    assert min(rates) >= 1e-4 and max(rates) <= 1 and len(set(rates)) == 400
    below = [sum(rate < bound for rate in rates) / 400 for bound in (1e-3, 1e-2, 1e-1)]
    assert all(abs(share - expected) < 0.08 for share, expected in zip(below, (0.25, 0.5, 0.75), strict=True))


def test_loguniform_is_seeded_and_grows_at_its_end():
    assert loguniform(1e-4, 1, 30).startswith(loguniform(1e-4, 1, 10) + ",")
    assert loguniform(1e-4, 1, 5, 1) != loguniform(1e-4, 1, 5)
    assert loguniform(1e-4, 1, 5, 0) == loguniform(1e-4, 1, 5)


@pytest.mark.parametrize(
    "bounds", [(1, 2), (0, 1, 3), (1, 2, 2.5), (1, 2, 3, 0.5), (1, float("inf"), 3), (1, 2, 10**9)]
)
def test_wrong_bounds_of_loguniform_are_told(bounds):
    with pytest.raises(UserError, match="loguniform"):
        loguniform(*bounds)
