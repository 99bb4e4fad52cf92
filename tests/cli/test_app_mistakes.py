"""The command `optlab` when something is wrong: a mistake, an interruption, a damaged file."""

import pytest

import optlab
from optlab.cli import app
from optlab.core.errors import UserError
from optlab.store.lock import lock
from tests.cli.moons import MOONS, runs

pytestmark = pytest.mark.usefixtures("elsewhere")


def test_a_report_that_cannot_be_made_keeps_the_runs_and_says_how_to_make_another(elsewhere, capsys):
    assert app.run([*MOONS, "report.optimum={mnist:0.1}", "hydra.run.dir=out"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("optlab: error: optimum=mnist=0.1: ") and err.count("\n") == 1
    assert err.endswith("all runs are kept: optlab-report out\n") and len(runs("out")) == 1


@pytest.mark.parametrize(
    "command, told",
    [
        ("dataset=mooons", "dataset=mooons: there is no dataset 'mooons'; did you mean 'moons'"),
        ("model=logistc", "model=logistc: there is no model 'logistc'; did you mean 'logistic'"),
        ("optimizer=adm", "optimizer=adm: there is no optimizer 'adm'; did you mean 'adam'"),
        ("-m optimizer=adm,sgd", "optimizer=adm: there is no optimizer 'adm'; did you mean 'adam'"),
        ("experiment=quick", "experiment=quick: there is no experiment 'quick'; did you mean 'quickstart'"),
        ("experiment=pima,mnist", "experiment=pima,mnist: each experiment has axes of its own"),
        ("optimzer=adam", "optimzer=adam: there is no key 'optimzer'; did you mean 'optimizer'"),
        ("optimizer.lrr=1", "optimizer.lrr=1: optimizer has no option 'lrr'; did you mean 'lr'"),
        ("-m optimizer.lrr=1,2", "optimizer.lrr=1: optimizer has no option 'lrr'; did you mean 'lr'"),
        ("-m optimizer=sgd,adam optimizer.beta1=0.5", "optimizer.beta1=0.5: optimizer has no option 'beta1'"),
        ("+optimizer.lrr=1", "optimizer.lrr=1: adam has no option 'lrr'; did you mean 'lr'"),
        ("optimizer.lr=fast", "optimizer.lr=fast: must be a number above 0"),
        ("optimizer.lr=-1", "optimizer.lr=-1: must be a number above 0"),
        ("-m optimizer.lr=1,-1", "optimizer.lr=-1: must be a number above 0"),
        ("optimizer.beta1=1", "optimizer.beta1=1: must be a number in [0, 1)"),
        ("training.batch_size=0", "training.batch_size=0: must be a whole number at least 1"),
        ("training.epochs=null", "training.epochs=null training.max_steps=null: no budget"),
        ("seed=-1", "seed=-1: must be a whole number"),
        ("report.style=poster", "report.style=poster: must be one of notebook, paper, talk"),
        ("report.sytle=paper", "report.sytle=paper: report has no option 'sytle'; did you mean 'style'"),
        ("+report.sytle=paper", "report.sytle=paper: report has no option 'sytle'"),
        ("-m report.style=paper,talk", "report.style=paper,talk: there is one report; name one value"),
        ("report.tuning_seeds=0,1", "report.tuning_seeds=0,1: there is one report; name one value, several"),
        ("-m seed=0,1 report.tuning_seeds=[2]", "report.tuning_seeds=2: the runs have the seeds 0,1;"),
        ("seed=${nothing}", "seed: Interpolation key 'nothing' not found"),
        ("optimizer=sgd,adam", "optimizer=sgd,adam: several values make a sweep; add -m"),
        ("optimizer.lr=[", "optimizer.lr=[: cannot be read"),
        ("-m optimizer.lr=interval(0,1)", "optimizer.lr=interval(0,1): a grid needs values"),
        ("dataset=digits model=logistic", "model=logistic: the data set has 10 classes"),
        ("training=5", "Config group override must be a string"),
        ("-m hydra.launcher.max_stack=0", "hydra.launcher.max_stack=0: must be a whole number at least 1"),
        ("-m hydra.launcher.n=0", "hydra.launcher.n=0: "),
        ("-m hydra.launcher.n_jobs=0", "hydra.launcher.n_jobs=0: must be a whole number at least 1"),
        (
            "-m hydra.launcher.backend=lokey",
            "hydra.launcher.backend=lokey: there is no backend 'lokey'; did you mean 'loky'? choose",
        ),
        ("-m hydra.launcher.max_memory=1", "hydra.launcher.max_memory=1: one run of adam on moons takes"),
        ("hydra.launcher.max_memory=1", "hydra.launcher.max_memory=1: one run of adam on moons takes"),
        ("hydra.launcher.max_memory=-1", "hydra.launcher.max_memory=-1: must be a number above 0"),
        ("-m hydra.launcher.address=tcp://127.0.0.1:9", "hydra.launcher.address=tcp://127.0.0.1:9: backend"),
        ("-m seed=range(0)", "seed=range(0): has no values"),
        ("-m optimizer.lr=${logspace:1,2}", "${logspace:1.0,2.0}: needs two positive numbers and how many"),
        ("hydra.run.dir=file", "result folder file: "),
        ("-m hydra.sweep.dir=file", "result folder file: "),
        ("-m hydra.sweep.dir=file/below", "result folder file/below: "),
        ("hydra.run.dir=/proc/nowhere", "result folder /proc/nowhere: "),
        ("--nope", "unrecognized arguments: --nope"),
        ("-cd missing", "Additional config directory"),
    ],
)
def test_a_mistake_is_told_in_one_line_and_nothing_is_written(elsewhere, capfd, command, told):
    (elsewhere / "file").write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("optlab.runs.train.train", None)
        assert app.run([*command.split(), *(["dataset=moons"] * ("dataset" not in command))]) == 2
    out, err = capfd.readouterr()
    assert err.startswith(f"optlab: error: {told}"), err
    assert err.count("\n") == 1 and out == ""
    assert not list(elsewhere.rglob("*.parquet")) and not list(elsewhere.rglob("provenance.json"))
    assert not list(elsewhere.rglob("runs"))


@pytest.mark.parametrize("key", ["hydra.run.dir", "-m hydra.sweep.dir"])
def test_an_empty_folder_that_cannot_be_written_is_one_line(elsewhere, capfd, monkeypatch, key):
    def read_only(path, *_, **__):
        raise OSError(30, "Read-only file system", str(path))

    (elsewhere / "out").mkdir()
    monkeypatch.setattr("os.rmdir", read_only)
    monkeypatch.setattr("optlab.store.write.Path.touch", read_only)
    assert app.run([*key.split()[:-1], f"{key.split()[-1]}=out", "dataset=moons"]) == 2
    err = capfd.readouterr().err
    assert err.startswith("optlab: error: result folder ") and err.count("\n") == 1
    assert "out: Read-only file system" in err


def test_a_folder_that_another_process_trains_into_is_refused(elsewhere, capsys):
    (elsewhere / "out").mkdir()
    with lock(elsewhere / "out"):
        assert app.run([*MOONS, "hydra.run.dir=out"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("optlab: error: result folder ") and "out: process " in err and err.count("\n") == 1


def test_the_traceback_is_shown_on_demand(monkeypatch):
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    with pytest.raises(UserError):
        app.run(["seed=-1"])


def test_what_is_finished_is_kept_and_reported_when_interrupted(no_report, monkeypatch, capsys):
    from optlab.runs import train as module

    train, calls = module.train, []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return train(*arguments)

    monkeypatch.setattr(module, "train", interrupted)
    alone = ["hydra.launcher.max_stack=1", "hydra.launcher.n_jobs=1"]
    assert app.run(["-m", *MOONS, "seed=range(3)", *alone, "hydra.sweep.dir=out"]) == 130
    out, err = capsys.readouterr()
    assert len(runs("out")) == 1 and "report: out" in out
    assert err.startswith("optlab: interrupted; what was finished is kept") and "hydra.sweep.dir=out" in err


def test_whoever_interrupts_twice_goes_without_the_report(elsewhere, monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "finish", interrupted)
    assert app.run([*MOONS, "hydra.run.dir=out"]) == 130
    err = capsys.readouterr().err
    assert err.startswith("optlab: interrupted; what was finished is kept") and err.count("\n") == 1
    assert len(runs("out")) == 1


def test_damaged_files_are_named_when_results_are_read_and_the_rest_goes_on(elsewhere):
    alone = ["hydra.launcher.max_stack=1", "hydra.launcher.n_jobs=1"]
    optlab.sweep([*MOONS, "seed=0,1", *alone], elsewhere / "out")
    part = min((elsewhere / "out" / "runs").iterdir())
    part.write_bytes(b"PAR1")
    with pytest.warns(UserWarning, match=f"left out: .*{part.name}: cannot be read"):
        assert len(runs("out")) == 1


@pytest.mark.parametrize(
    "arguments, told",
    [
        ([["optimizer=adm"]], "optimizer=adm: there is no optimizer"),
        ([["training=5"]], "Config group override must be a string"),
        (["optimizer=adam"], r"overrides are a list; write \['optimizer=adam'\]"),
        ([3], r"optlab.sweep\(3\): overrides are a list of texts"),
        ([["seed=1", 3]], r"optlab.sweep\(\['seed=1', 3\]\): overrides are a list of texts"),
        ([["seed=1"], 3], r"optlab.sweep\(..., folder=3\): a folder is a text or a path"),
    ],
)
def test_a_mistake_in_a_sweep_from_python_is_a_user_error(elsewhere, arguments, told):
    with pytest.raises(UserError, match=told):
        optlab.sweep(*arguments)
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("what", [3, None, ["one", "two"]])
def test_what_is_no_folder_is_a_user_error(what):
    with pytest.raises(UserError, match=r"^optlab.load\(.*\): a folder is a text or a path; write "):
        optlab.load(what)


def test_data_that_are_out_of_reach_where_hydra_works_say_so(elsewhere, capsys):
    (elsewhere / "my.csv").write_text("a,b\n1,0\n2,1\n")
    words = ["dataset=csv", "dataset.path=my.csv", "hydra.job.chdir=true", "hydra.run.dir=out"]
    assert app.run(words) == 2
    err = capsys.readouterr().err
    assert "dataset.path=my.csv: there is no such file in " in err and err.count("\n") == 1
    assert "/out, which hydra.job.chdir=true has made the working directory; name the file in full" in err
