"""Malformed command lines and files: exit 2, one line, and nothing is left behind."""

import os

import pytest

from optlab.cli import app
from tests.cli.moons import MOONS

pytestmark = pytest.mark.usefixtures("elsewhere")

DIGITS = "9" * 5000
LINES = [
    # whole numbers beyond 64 bits, numbers that a precision does not hold
    f"seed={DIGITS}",
    "seed=" + "9" * 20,
    "seed=1e400",
    f"training.batch_size={DIGITS}",
    f"optimizer.lr={DIGITS}",
    "optimizer.lr=1e-400",
    "optimizer.lr=1e-50 dtype=float32",
    "optimizer.lr=1e39 dtype=float32",
    "dataset.split_seed=" + "9" * 25,
    f"-m seed=range({DIGITS})",
    "report.tuning_seeds=[99999999999999999999]",
    "-m hydra.launcher.n_jobs=99999999999999999999",
    f"-m hydra.launcher.max_memory={DIGITS}",
    # sizes
    "-m seed=range(1000000000)",
    "-m seed=range(1000000) optimizer.lr=0.1,1",
    "-m seed=range(0,1e9)",
    "-m seed=range(1000) optimizer.lr=range(1,1001) optimizer=sgd,adam",
    "-m seed=range(0,10,1e-9)",
    "-m seed=range(0,10,0)",
    "-m seed=range(0,inf)",
    "-m seed=range(nan)",
    "-m seed=shuffle(range(1000000000))",
    "-m optimizer.lr=${logspace:1e-4,1,1000000000}",
    "-m optimizer.lr=${logspace:1e-4,1,-5}",
    "-m optimizer.lr=${logspace:1e-4,1,0.5}",
    "-m optimizer.lr=${logspace:0,1,5}",
    "-m optimizer.lr=${logspace:1,inf,5}",
    "-m optimizer.lr=${logspace:nan,1,5}",
    "-m optimizer.lr=${logspace:}",
    "-m seed=glob(*)",
    "-m seed=choice()",
    "-m seed=sort(1,2",
    "-m seed=tag(a,1)",
    # names of folders and files
    "hydra.run.dir=",
    "hydra.run.dir=''",
    "-m hydra.sweep.dir=''",
    "hydra.run.dir=" + "x" * 300,
    "-m hydra.sweep.dir=" + "x" * 300,
    "hydra.run.dir=" + "x/" * 3000,
    "hydra.run.dir=a\0b",
    "hydra.run.dir=/dev/null",
    "hydra.run.dir=null",
    "hydra.run.dir=[a]",
    "hydra.run.dir=${nothing}",
    "-m hydra.sweep.dir=[a]",
    "dataset=csv dataset.path=" + "x" * 300,
    "dataset=csv dataset.path=a\0b",
    "dataset=csv dataset.path=/",
    "-cd nowhere",
    "-cd /dev/null",
    "-cd a\0b",
    # what Hydra is asked for
    "-m hydra/launcher=nothing",
    "-m hydra/sweeper=nothing",
    "-m hydra.launcher.parameters=5",
    "-m hydra.sweeper=5",
    "hydra.launcher=5",
    "hydra=5",
    "hydra.mode=x",
    "hydra.job_logging=5",
    # words that are no overrides, and values of another type
    "=",
    "=1",
    "seed",
    "seed=[",
    "seed={a",
    "'",
    "optimizer=null",
    "~optimizer",
    "optimizer=[]",
    "optimizer.name=5",
    "optimizer.name=[a]",
    "model=mlp model.hidden=five",
    "model=mlp model.hidden=[0]",
    "report=5",
    "experiment=../x",
    "dtype=64",
    "seed=true",
    "seed=1.5",
    "training=null",
    "seed=" + "[" * 2000 + "]" * 2000,
    "seed=${seed}",
    "seed=${oc.env:NOTHING}",
    "seed=${optimizer}",
    # what the shell hands over
    "dataset=csv dataset.path='a\udcff.csv'",
    "hydra.run.dir=~nobody-of-this-name/x",
    "-m hydra.sweep.dir=~nobody-of-this-name/x",
    "dataset=csv dataset.path=~nobody-of-this-name/x.csv",
]


def told(capsys, arguments):
    """What is said of a mistake; it must be one line and leave nothing behind."""
    before = sorted(os.listdir())
    assert app.run(arguments) == 2
    err = capsys.readouterr().err
    assert err.startswith("optlab: error: ") and err.count("\n") == 1
    assert sorted(os.listdir()) == before
    return err


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_a_malformed_command_line_is_told_in_one_line(capsys, line):
    words = line.split(" ")
    told(capsys, [*words, *(word for word in MOONS if word.partition("=")[0] not in line)])


GLOBAL = "# @package _global_\n"
FILES = {
    "no UTF-8": b"# @package _global_\nseed: 1  # \xe9\xff\n",
    "UTF-16": "seed: 1\n".encode("utf-16"),
    "bytes": bytes(range(256)),
    "itself": GLOBAL + "defaults:\n  - study\n",
    "keys that are numbers": GLOBAL + "1: 2\n",
    "options that are numbers": GLOBAL + "optimizer:\n  1: 2\n",
    "digits": GLOBAL + f"seed: {DIGITS}\n",
    "NUL": GLOBAL + 'seed: "a\0b"\n',
    "list": "- 1\n- 2\n",
    "text": "hello\n",
    "tab": GLOBAL + "\tseed: 1\n",
    "anchor": GLOBAL + "seed: &a [*a]\n",
    "tag": GLOBAL + "seed: !!python/object/apply:os.system ['true']\n",
    "depth": GLOBAL + "seed: " + "[" * 3000 + "]" * 3000 + "\n",
    **{
        f"sweeper {text}": GLOBAL + f"hydra:\n  sweeper:\n    {text}\n"
        for text in (
            "params: 5",
            "params: [1,2]",
            "params: text",
            "params: {seed: {a: 1}}",
            "params: {1: 2}",
            "grids: 5",
            "grids: [1]",
            "grids: {a: 5}",
            "grids: {a: [1]}",
            "drop: 5",
            "drop: {a: 1}",
            "params: {seed: 'range(1000000000)'}",
            "params: {seed: 'range(10**9)'}",
            "params: {optimizer.lr: '${logspace:1e-4,1,1000000000}'}",
            "params: {optimizer.lr: '${logspace:a,b,c}'}",
            "params: {seed: true}",
            "params: {seed: 1.5}",
            "x: 1",
        )
    },
}


UNREADABLE = ("no UTF-8", "UTF-16", "bytes", "digits", "anchor", "depth")
"""Kinds that YAML cannot read, and says no place of."""


@pytest.mark.parametrize("kind", FILES)
def test_a_malformed_study_is_told_in_one_line(capsys, elsewhere, kind):
    study = elsewhere / "c" / "experiment" / "study.yaml"
    study.parent.mkdir(parents=True)
    content = FILES[kind]
    study.write_bytes(content if isinstance(content, bytes) else content.encode())
    err = told(capsys, ["-cd", "c", "experiment=study", *MOONS])
    assert "c/experiment/study.yaml: " in err or kind not in UNREADABLE
