"""Jobs are composed as Hydra composes them, only faster."""

import pytest
from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.types import RunMode
from omegaconf import open_dict

from optlab.core.errors import UserError
from optlab.core.shipped import folder
from optlab.launch.compose import Composer, job_config, run_overrides
from optlab.launch.hydra_patches import compose
from optlab.launch.search import register_resolvers
from optlab.launch.stacked import register_plugins

CONF = str(folder("conf"))


@pytest.fixture
def composer():
    """The composer of a sweep of the default configuration."""
    register_resolvers()
    register_plugins()
    with initialize_config_dir(CONF, version_base="1.3"):
        loader = GlobalHydra.instance().config_loader()
        return Composer(loader, loader.load_configuration("config", [], RunMode.MULTIRUN))


def by_hydra(overrides):
    config = compose(CONF, "config", overrides)
    hydra = config.hydra
    with open_dict(config):
        del config["hydra"]
    return job_config(config, hydra)


@pytest.mark.parametrize(
    "overrides",
    [
        [],
        ["optimizer.lr=0.5", "seed=3"],
        ["optimizer=momentum", "optimizer.momentum=0.5", "dataset=moons", "dataset.noise=0.3"],
        ["problem=digits_mlp", "model.hidden=[4,4]", "training.batch_size=null"],
        ["dataset.split_seed=${seed}", "seed=7"],
        ["dataset.split_seed='${seed}'", "model.l2=1e-3", "++schedule.warmup_steps=2"],
        ["dtype=float32", "training.epochs=null", "training.max_steps=5"],
    ],
)
def test_a_job_is_what_hydra_makes_of_its_overrides(composer, overrides):
    expected = by_hydra(overrides)
    assert composer.config(overrides) == expected
    assert composer.config(overrides) == expected  # from the template of the first time, which is as it was


def test_jobs_that_differ_in_values_alone_share_a_template(composer, monkeypatch):
    loads = []
    load = composer._loader.load_sweep_config
    monkeypatch.setattr(
        composer._loader, "load_sweep_config", lambda *given: loads.append(given) or load(*given)
    )
    configs = [composer.config(["optimizer=sgd", f"optimizer.lr={lr}"]) for lr in (0.1, 0.2, 0.3)]
    assert [config["optimizer"]["lr"] for config in configs] == [0.1, 0.2, 0.3] and len(loads) == 1


@pytest.mark.parametrize(
    "line, told",
    [
        ("optimizer.lrr=1", "optimizer has no option 'lrr'; did you mean 'lr'"),
        ("sed=1", "there is no key 'sed'; did you mean 'seed'"),
        ("seed.x=1", "seed has no option 'x'"),
    ],
)
def test_a_value_for_a_key_that_is_not_there_is_refused(composer, line, told):
    with pytest.raises(UserError, match=f"{line}: {told}"):
        composer.config([line])


def test_overrides_of_the_report_are_not_those_of_a_run():
    lines = ["report.style=paper", "seed=1", "+report.x=1", "~report", "reporter=1"]
    assert run_overrides(lines) == ["seed=1", "reporter=1"]


def test_the_choice_of_an_experiment_is_noted():
    assert by_hydra(["experiment=pima"])["experiment"] == "pima"
    assert by_hydra([])["experiment"] is None
