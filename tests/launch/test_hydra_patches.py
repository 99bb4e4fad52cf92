"""What optlab changes of Hydra, and what it does on either of its versions."""

import copy
import inspect
import os
import sys

import hydra
import pytest
from hydra._internal.config_repository import ConfigRepository
from hydra.core.config_store import ConfigStore
from hydra.core.hydra_config import HydraConfig
from hydra.core.plugins import Plugins
from hydra.core.utils import setup_globals
from hydra.plugins.launcher import Launcher
from omegaconf import OmegaConf

from optlab.core.errors import UserError
from optlab.core.shipped import folder
from optlab.launch import hydra_patches


class Foreign(Launcher):
    """A launcher outside the namespace `hydra_plugins`."""

    def setup(self, **_): ...
    def launch(self, job_overrides, initial_job_idx): ...


def test_a_launcher_of_any_module_is_admitted_and_no_other(monkeypatch):
    only_the_namespace = staticmethod(lambda name: name.startswith("hydra_plugins."))  # as in 1.3
    monkeypatch.setattr(Plugins, "is_in_toplevel_plugins_module", only_the_namespace, raising=False)
    monkeypatch.setattr(Plugins.instance(), "class_name_to_class", {})
    hydra_patches.register_plugin(Foreign)
    assert Plugins.instance().class_name_to_class == {f"{__name__}.Foreign": Foreign}
    assert Plugins.is_in_toplevel_plugins_module("hydra_plugins.other.Launcher")
    assert not Plugins.is_in_toplevel_plugins_module("elsewhere.Launcher")


def test_a_plugin_is_registered_where_hydra_admits_all(monkeypatch):
    monkeypatch.delattr(Plugins, "is_in_toplevel_plugins_module", raising=False)  # as in 1.4
    registered = []
    monkeypatch.setattr(Plugins, "register", lambda self, plugin: registered.append(plugin))
    hydra_patches.register_plugin(Foreign)
    assert registered == [Foreign]


def test_a_resolver_is_known_to_configurations_and_may_be_registered_again():
    for _ in range(2):
        hydra_patches.register_resolver("patched", lambda value: f"<{value}>")
    assert OmegaConf.create({"key": "${patched:1}"}).key == "<1>"
    OmegaConf.clear_resolver("patched")


def test_the_store_of_configurations_is_not_copied():
    hydra_patches.share_config_store()
    store = ConfigStore.instance()
    assert copy.deepcopy(store) is store


def test_an_unknown_option_of_the_command_line_is_a_user_error():
    with pytest.raises(UserError, match="unrecognized arguments: --nope; see optlab --help"):
        hydra_patches.argument_parser().parse_args(["--nope"])


@pytest.mark.parametrize("set_before", [None, "0"])
@pytest.mark.parametrize(
    "main, options",
    [
        (lambda config_path, config_name, version_base: ..., {"version_base": "1.3"}),
        (
            lambda config_path, config_name, execution_whitelist: ...,
            {"execution_whitelist": ["optlab.*", "hydra.experimental.callbacks.*"]},
        ),
    ],
)
def test_an_application_runs_with_its_command_line_and_leaves_no_trace(
    monkeypatch, main, options, set_before
):
    monkeypatch.setenv("HYDRA_FULL_ERROR", set_before or "")
    if set_before is None:
        monkeypatch.delenv("HYDRA_FULL_ERROR")
    argv, seen = list(sys.argv), []

    def application(**given):
        return lambda task: lambda: seen.append((given, task, sys.argv, os.environ["HYDRA_FULL_ERROR"]))

    application.__signature__ = inspect.signature(main)
    monkeypatch.setattr(hydra, "main", application)
    hydra_patches.run_application(len, ["seed=1"], "/conf")
    expected = {"config_path": "/conf", "config_name": "config", **options}
    assert seen == [(expected, len, ["optlab", "seed=1"], "1")]
    assert sys.argv == argv and os.environ.get("HYDRA_FULL_ERROR") == set_before


def test_a_section_of_hydras_stands_for_the_moment():
    setup_globals()
    before = HydraConfig.instance().cfg
    config = OmegaConf.create({"key": "${hydra:job.name}"})
    with hydra_patches.hydra_section(OmegaConf.create({"job": {"name": "given"}})):
        assert config.key == "given"
    assert HydraConfig.instance().cfg is before


def test_a_configuration_is_composed_without_an_application():
    hydra_patches.share_config_store()
    config = hydra_patches.compose(str(folder("conf")), "config", ["optimizer=sgd", "seed=7"])
    assert config.optimizer.name == "sgd" and config.seed == 7 and "sweeper" in config.hydra


def test_every_configuration_that_hydra_loads_is_shown_with_the_places_that_have_it(monkeypatch, tmp_path):
    monkeypatch.setattr(
        ConfigRepository, "load_config", ConfigRepository.load_config
    )  # put back after the test
    (tmp_path / "optimizer").mkdir()
    (tmp_path / "optimizer" / "sgd.yaml").write_text("name: mine")
    shown = {}
    hydra_patches.check_configurations(
        lambda path, result, places: shown.update({path: [place.path for place in places]})
    )
    conf = str(folder("conf"))
    hydra_patches.compose(conf, "config", ["optimizer=sgd", f"hydra.searchpath=[{tmp_path}]"])
    assert shown["optimizer/sgd"] == [conf, str(tmp_path)] and shown["model/logistic"] == [conf]
