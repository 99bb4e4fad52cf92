"""The command `optlab-verify` on folders that are as they were written, and on folders that are not."""

import json
import pdb

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import optlab
from optlab import optimizers
from optlab.cli import excerpt, verify
from optlab.core.errors import Incomplete
from optlab.optimizers import target
from optlab.runs.schema import Schema
from optlab.store.read import load
from optlab.sweeps.execute import execute
from optlab.sweeps.plan import Limits

BASE = {
    "dataset": {"name": "moons", "n_samples": 60},
    "model": {"name": "logistic"},
    "schedule": {"name": "constant"},
    "training": {"epochs": 5, "batch_size": 20},
}


@pytest.fixture
def folder(tmp_path):
    configs = [{**BASE, "optimizer": {"name": n, "lr": r}} for n in ("sgd", "adam") for r in (0.1, 1.0)]
    execute([(Schema().canonical(config), ()) for config in configs], tmp_path / "out", Limits())
    return tmp_path / "out"


def changed(part, column, change):
    """Rewrite one column of a part file."""
    table = pq.read_table(part)
    at = table.column_names.index(column)
    values = change(table[column].to_pylist())
    table = table.set_column(at, column, pa.array(values, table.schema.field(column).type))
    pq.write_table(table.replace_schema_metadata(None), part)  # without checksums, as a forger would


def test_an_untouched_folder_agrees_bit_for_bit(folder, capsys):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert verify.main([str(folder)]) == 0
    out = capsys.readouterr().out
    assert "compared bit for bit" in out and out.endswith("4 of 4 runs agree\n")
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_dropout_and_what_is_recorded_of_hidden_layers_agree_bit_for_bit(tmp_path, capsys):
    model = {"name": "mlp", "hidden": [4], "dropout": 0.5, "class_weight": "balanced"}
    training = {"epochs": 5, "record_activations": True}
    configs = [
        {**BASE, "model": model, "training": training, "optimizer": {"name": "sgd"}, "seed": seed}
        for seed in (0, 1)
    ]
    execute([(Schema().canonical(config), ()) for config in configs], tmp_path, Limits())
    assert verify.main([str(tmp_path)]) == 0
    changed(
        next((tmp_path / "trajectories").glob("*.parquet")), "sparsity_1", lambda shares: [-1.0, *shares[1:]]
    )
    assert verify.main([str(tmp_path)]) == 1
    assert "sparsity_1 at step 0 is" in capsys.readouterr().out


def test_runs_drawn_at_random_agree_to_rounding(folder, capsys):
    assert verify.main([str(folder), "--runs", "2"]) == 0
    out = capsys.readouterr().out
    assert "rtol 1e-09" in out and out.endswith("2 of 2 runs agree\n")


def test_an_excerpt_is_the_runs_at_the_best_settings_and_agrees_to_rounding(folder, tmp_path, capsys):
    assert excerpt.main([str(folder)]) == 0
    kept = load(folder / "excerpt").runs
    best = load(folder).runs.sort_values("final_train_cost").drop_duplicates("optimizer")
    assert set(kept["run_id"]) == set(best["run_id"])
    assert verify.main([str(folder / "excerpt")]) == 0
    assert capsys.readouterr().out.endswith("2 of 2 runs agree\n")
    assert excerpt.main([str(tmp_path / "none")]) == 2


def test_a_changed_number_is_a_mismatch_that_is_named(folder, capsys):
    (part,) = (folder / "trajectories").glob("*.parquet")
    changed(part, "train_cost", lambda costs: [costs[0] * (1 + 1e-6), *costs[1:]])
    assert verify.main([str(folder)]) == 1
    assert "train_cost at step 0 is" in capsys.readouterr().out


def test_a_changed_configuration_is_a_mismatch(folder, capsys):
    (part,) = (folder / "runs").glob("*.parquet")
    changed(part, "config", lambda texts: [text.replace('"lr": 0.1', '"lr": 0.2') for text in texts])
    assert verify.main([str(folder)]) == 1
    assert "not those it was trained on" in capsys.readouterr().out


def register_rule(step):
    """An optimizer `mine` of the user's, whose step is this text."""
    scope = {"__name__": "mine", "Rule": optimizers.Rule}
    rule = f"Rule(lambda w, f: (), lambda w, s, f: (w - {step}, s))"
    exec(compile(f"def mine(lr: float = 0.1):\n return {rule}", "mine.py", "exec"), scope)
    optlab.register("optimizer", "gradient")(scope["mine"])


@pytest.fixture
def mine(tmp_path, registries):
    """A folder with runs of `mine`."""
    register_rule("lr * f.gradient(w)")
    jobs = [(Schema().canonical({**BASE, "optimizer": {"name": "mine", "lr": lr}}), ()) for lr in (0.1, 0.2)]
    execute(jobs, tmp_path / "mine", Limits())
    return tmp_path / "mine"


def test_a_rule_of_ones_own_that_was_edited_is_told(mine, capsys):
    assert verify.main([str(mine)]) == 0
    register_rule("2 * lr * f.gradient(w)")
    assert verify.main([str(mine)]) == 1
    assert "code that is not optlab's is not what it was trained with" in capsys.readouterr().out


def test_a_rule_that_fails_now_is_a_mismatch_with_its_place(mine, capsys, monkeypatch):
    register_rule("[][0]")
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    assert verify.main([str(mine)]) == 1
    out, err = capsys.readouterr()
    assert out.count(": cannot be trained (") == 2 and "at mine.py:2 in <lambda>)" in out
    assert err.startswith("Traceback (most recent call last)")


def test_one_run_is_trained_alone(folder, capsys):
    run_id = load(folder).runs["run_id"][1]
    assert verify.main([str(folder.parent), "--run", run_id[:12]]) == 0
    out = capsys.readouterr().out
    assert f"{run_id}: dataset=moons model=logistic optimizer=" in out
    assert out.endswith("1 of 1 runs agree\n")


def test_an_unknown_id_is_told_with_the_nearest(folder, capsys):
    run_id = load(folder).runs["run_id"][1]
    assert verify.main([str(folder), "--run", run_id[:-1] + "x"]) == 2
    err = capsys.readouterr().err
    assert f"has no such run; did you mean {run_id}? " in err and err.count("\n") == 1


def test_the_beginning_of_several_ids_is_refused(folder, capsys):
    assert verify.main([str(folder), "--run="]) == 2
    err = capsys.readouterr().err
    assert "--run=: 4 runs begin so, such as " in err and "; give more digits" in err and err.count("\n") == 1


def failed_run(folder, optimizer="mine"):
    """The id of a run that could not be trained into a folder."""
    job = Schema().canonical({**BASE, "optimizer": {"name": optimizer}})
    with pytest.raises(Incomplete):
        execute([(job, ())], folder, Limits())
    return (folder / "failures.log").read_text().partition("\nrun ")[2].partition(" ")[0]


def test_a_run_that_could_not_be_trained_is_found_and_its_exception_debugged(
    tmp_path, registries, capsys, monkeypatch
):
    stops = []
    monkeypatch.setattr(pdb, "post_mortem", stops.append)
    register_rule("[][0]")
    run_id = failed_run(tmp_path)
    assert verify.main([str(tmp_path), "--run", run_id]) == 1 and not stops
    assert verify.main([str(tmp_path), "--run", run_id, "--pdb"]) == 1
    (frame,) = stops
    while frame.tb_next:
        frame = frame.tb_next
    assert frame.tb_frame.f_code.co_filename == "mine.py"
    assert "IndexError: list index out of range, at mine.py:2 in <lambda>" in capsys.readouterr().out


def test_a_run_that_could_not_be_trained_and_can_be_now_is_told(tmp_path, registries, capsys):
    register_rule("[][0]")
    run_id = failed_run(tmp_path)
    register_rule("lr * f.gradient(w)")
    assert verify.main([str(tmp_path), "--run", run_id]) == 0
    assert capsys.readouterr().out.endswith("can be now: there is nothing to compare it with\n")


def test_a_log_of_failures_that_says_nonsense_is_refused(tmp_path, capsys):
    (tmp_path / "failures.log").write_text("run abc {\n")
    assert verify.main([str(tmp_path), "--run", "abc"]) == 2
    err = capsys.readouterr().err
    assert "failures.log: the configuration of run abc cannot be trained" in err and err.count("\n") == 1


def test_another_version_is_told_and_bits_are_not_asked_for(folder, capsys):
    path = folder / "provenance.json"
    record = json.loads(path.read_text())
    record["versions"]["numpy"] = "1.0"
    path.write_text(json.dumps(record))
    assert verify.main([str(folder)]) == 0
    out = capsys.readouterr().out
    assert "differs: version of numpy: 1.0 then, " in out and "rtol 1e-09" in out


@pytest.mark.parametrize("text", ['{"_target_": "os.system"}', "[]", "{", '{"dataset": 1}'])
def test_a_configuration_that_is_none_is_refused_in_one_line(folder, capsys, text):
    (part,) = (folder / "runs").glob("*.parquet")
    changed(part, "config", lambda texts: [text] * len(texts))
    assert verify.main([str(folder)]) == 2
    err = capsys.readouterr().err
    assert err.startswith("optlab: error: ") and err.count("\n") == 1


def test_a_configuration_that_cannot_be_trained_is_named_with_its_file(folder, capsys):
    (part,) = (folder / "runs").glob("*.parquet")
    changed(part, "config", lambda texts: [text.replace('"constant"', '"mine"') for text in texts])
    assert verify.main([str(folder)]) == 2
    err = capsys.readouterr().err
    assert str(part) in err and "there is no schedule 'mine'" in err and "; name a folder" in err


@pytest.mark.parametrize("column", ["run_id", "step"])
def test_a_trajectory_without_its_columns_is_refused_with_its_path(folder, capsys, column):
    (part,) = (folder / "trajectories").glob("*.parquet")
    pq.write_table(pq.read_table(part).drop_columns(column), part)
    assert verify.main([str(folder)]) == 2
    err = capsys.readouterr().err
    assert f"{part}: has no column {column}" in err and err.count("\n") == 1


@pytest.mark.parametrize("arguments, told", [(["nowhere"], "nowhere: there is no such folder"),
                                             (["."], "holds no results"),
                                             (["nowhere", "--run=a"], "nowhere: there is no such folder"),
                                             ([".", "--run=a"], "holds no results")])  # fmt: skip
def test_a_folder_without_results_is_refused(tmp_path, monkeypatch, capsys, arguments, told):
    monkeypatch.chdir(tmp_path)
    assert verify.main(arguments) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("arguments", ["out --runs 0", "", "out --pdb", "out --run a --runs 1"])
def test_a_mistake_on_the_command_line_is_one_line(capsys, arguments):
    assert verify.main(arguments.split()) == 2 and capsys.readouterr().err.count("\n") == 1


def test_final_costs_that_differ_are_told_though_the_first_steps_agree(tmp_path, capsys):
    """As on another machine, where the rounding of the first steps has grown until the last."""
    long = {
        **BASE,
        "training": {"epochs": 150, "record_every": 50},
        "optimizer": {"name": "sgd", "lr": 0.1},
    }
    execute([(Schema().canonical(long), ())], tmp_path, Limits())
    [part] = (tmp_path / "trajectories").glob("*.parquet")
    changed(part, "train_cost", lambda costs: [*costs[:-1], 1.02 * costs[-1]])
    (tmp_path / "provenance.json").unlink()
    assert verify.main([str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "final training costs of 1 of 1 runs differ by more than rounding, at most by 2 %" in out
    assert out.endswith("1 of 1 runs agree in their first 100 steps\n")


@pytest.mark.parametrize("arguments", [[], ["--runs=4"], ["--run=FIRST"]])
def test_what_takes_hours_must_be_confirmed(folder, capsys, arguments):
    (part,) = (folder / "runs").glob("*.parquet")
    changed(
        part, "config", lambda texts: [text.replace('"epochs": 5', '"epochs": 1000000000') for text in texts]
    )
    first = pq.read_table(part)["run_id"][0].as_py()
    assert verify.main([str(folder), *[text.replace("FIRST", first) for text in arguments]]) == 2
    err = capsys.readouterr().err
    assert " hours, by their configurations; confirm with --yes" in err and err.count("\n") == 1


def test_what_is_confirmed_is_trained_again(folder, monkeypatch, capsys):
    monkeypatch.setattr(verify, "MAX_SECONDS", 0)
    assert verify.main([str(folder)]) == 2
    assert verify.main([str(folder), "--yes"]) == 0
    assert capsys.readouterr().out.endswith("4 of 4 runs agree\n")


def test_an_optimizer_that_a_folder_names_is_imported_only_if_the_user_trusts_it(
    tmp_path, capsys, monkeypatch
):
    config = {**BASE, "optimizer": {"name": "torch", "target": "torch.optim.Adam", "lr": 0.1}}
    execute([(Schema().canonical(config), ())], tmp_path / "out", Limits())
    with monkeypatch.context() as patched:
        patched.setattr(target, "load", lambda path: pytest.fail(f"{path} was imported"))
        assert verify.main([str(tmp_path / "out"), "--trust", "torch.optim.SGD"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("optlab: error: optimizer.target=torch.optim.Adam: ") and error.count("\n") == 1
    assert "--trust torch.optim.Adam" in error
    assert verify.main([str(tmp_path / "out"), "--trust", "torch.optim.Adam"]) == 0
    assert capsys.readouterr().out.endswith("1 of 1 runs agree\n")
