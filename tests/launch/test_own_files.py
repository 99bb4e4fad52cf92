"""Files of the user's own are read as optlab's are, and what would be passed over is refused."""

import shutil

import pytest

import optlab
from optlab.cli import app
from optlab.core.errors import UserError
from optlab.core.shipped import folder
from tests.composed import composed

STUDY = (folder("experiments") / "pima.yaml").read_text()
FEWER = ["problem=breast_cancer_logistic", "seed=0", "optimizer.lr=0.1"]


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """A function: put files into the folder `mine`; returns the folder."""
    monkeypatch.chdir(tmp_path)

    def make(**files):
        for name, text in files.items():
            path = tmp_path / "mine" / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path / "mine"

    return make


def without_name(configs):
    return [{key: value for key, value in config.items() if key != "experiment"} for config in configs]


@pytest.mark.parametrize("header", ["", "# @package _global_\n"])
@pytest.mark.parametrize("options", [[], ["-m"]])
def test_a_copy_of_a_study_is_that_study(mine, header, options):
    mine(experiment__copy=header + STUDY)
    copied = composed(*options, "-cd", "mine", "experiment=copy", *FEWER)
    assert without_name(copied) == without_name(composed("experiment=pima", *FEWER))
    assert len(copied) == 8 and {config["experiment"] for config in copied} == {"copy"}


@pytest.mark.parametrize("where", [["-cd", "mine"], ["hydra.searchpath=[mine]"]])
def test_a_study_may_be_in_a_folder_below_and_on_any_search_path(mine, where):
    mine(experiment__first__copy=STUDY)
    configs = composed(*where, "experiment=first/copy", *FEWER)
    assert len(configs) == 8 and {config["experiment"] for config in configs} == {"first/copy"}


def test_a_study_on_a_search_path_beside_another_folder_is_found(mine, tmp_path):
    mine(experiment__copy=STUDY)
    (tmp_path / "other").mkdir()
    words = ["-cd", "other", f"hydra.searchpath=[{tmp_path / 'mine'}]", "experiment=copy"]
    assert len(composed(*words, *FEWER)) == 8


def test_a_study_without_axes_is_one_run(mine):
    mine(experiment__one="training: {epochs: 7}")
    [config] = composed("-cd", "mine", "experiment=one")
    assert config["training"]["epochs"] == 7


def test_an_exact_copy_of_a_file_of_optlabs_is_no_mistake(mine):
    shutil.copytree(folder("experiments"), mine(unused="") / "experiment")
    assert len(composed("-cd", "mine", "experiment=pima", *FEWER)) == 8


def test_the_configuration_of_another_program_is_no_mistake(mine):
    mine(config="volumes: 3\n", experiment__one="training: {epochs: 7}")
    assert len(composed("-cd", "mine", "experiment=one")) == 1


@pytest.mark.parametrize(
    "files, words, told",
    [
        (
            {"experiment__none": "# nothing yet\n"},
            ["experiment=none"],
            "experiment=none: the file sets nothing",
        ),
        (
            {"experiment__pima": f"{STUDY}\nseed: 3\n"},
            ["experiment=pima"],
            "mine/experiment/pima.yaml: is not read, for optlab's own has the same name; rename the file",
        ),
        (
            {"optimizer__adam": "name: adam\nlr: 0.5\n"},
            ["optimizer=adam"],
            "mine/optimizer/adam.yaml: is not read, for optlab's own has the same name",
        ),
        ({"config": "seed: 1\n"}, ["seed=0"], "mine/config.yaml: is not read, for optlab's own"),
        (
            {"experiments__copy": STUDY},
            ["experiment=copy"],
            "mine/experiments: is not read; rename the folder to mine/experiment",
        ),
        ({"optimizers__sgdd": "lr: 1"}, ["seed=0"], "mine/optimizers: is not read; rename the folder"),
        ({"copy": STUDY}, ["experiment=copy"], "move mine/copy.yaml to mine/experiment/copy.yaml"),
        (
            {"study__copy": STUDY},
            ["experiment=copy"],
            "move mine/study/copy.yaml to mine/experiment/copy.yaml",
        ),
        (
            {"experiment__first__copy": STUDY},
            ["experiment=first/copi"],
            "experiment=first/copi: there is no experiment 'first/copi'",
        ),
        (
            {"experiment__typo": "hydra: {sweeper: {parms: {seed: '0,1'}}}"},
            ["experiment=typo"],
            "hydra.sweeper has no option 'parms'; did you mean 'params'?",
        ),
        (
            {"experiment__typo": "hydra: {sweeper: {seed: '0,1'}}"},
            ["experiment=typo"],
            "hydra.sweeper has no option 'seed'; choose from params, grids, drop",
        ),
        (
            {"experiment__typo": "hydra: {sweper: {params: {seed: '0,1'}}}"},
            ["experiment=typo"],
            "hydra has no option 'sweper'; did you mean 'sweeper'?",
        ),
        ({"experiment__typo": "sweeper: {params: {seed: '0,1'}}"}, ["experiment=typo"], "no key 'sweeper'"),
        (
            {"experiment__typo": "hydra: {sweeper: {params: {sed: '0,1'}}}"},
            ["experiment=typo"],
            "no key 'sed'",
        ),
        ({"experiment__typo": "training: {epoch: 1}"}, ["experiment=typo"], "did you mean 'epochs'?"),
        (
            {"experiment__typo": "defaults: [override /hydra/launcher: basic]"},
            ["experiment=typo"],
            "its override of hydra/launcher would be passed over; leave it out and put hydra/launcher=basic",
        ),
        ({"unused": ""}, ["hydra.sweeper.params=1"], "hydra.sweeper.params=1: must be {name: value}"),
    ],
)
@pytest.mark.parametrize("options", [[], ["-m"]])
def test_a_file_that_would_be_passed_over_is_refused(mine, capfd, files, words, told, options):
    mine(**files)
    assert app.run([*options, "-cd", "mine", "dataset=moons", *words]) == 2
    out, err = capfd.readouterr()
    assert out == "" and err.startswith("optlab: error: ") and err.count("\n") == 1
    assert told in err


def test_a_study_that_is_not_found_without_a_folder_says_how_to_name_one(mine):
    mine(experiment__copy=STUDY)
    with pytest.raises(UserError, match="with -cd DIR, files in DIR/experiment are options too"):
        optlab.sweep(["experiment=copy"])
