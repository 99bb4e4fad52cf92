"""The launcher: what it refuses before anything is trained, and what it returns to a sweeper."""

import pytest

import optlab
from optlab.core.errors import UserError
from optlab.launch.application import start
from optlab.launch.session import Session
from optlab.launch.stacked import StackedLauncher

MOONS = ["dataset=moons", "dataset.n_samples=60", "training.epochs=9"]


@pytest.mark.parametrize(
    "options, told",
    [
        ({"max_stak": 1}, "hydra.launcher has no option 'max_stak'; did you mean 'max_stack'?"),
        ({"n_jobs": -2}, "hydra.launcher.n_jobs=-2: must be"),
        ({"backend": "lokey"}, "did you mean 'loky'?"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, told):
    with pytest.raises(UserError) as refused:
        StackedLauncher(**options)
    assert told in str(refused.value)


def test_a_sweeper_gets_the_objective_metric_of_every_job(tmp_path, monkeypatch):
    launch, values = StackedLauncher.launch, []

    def record(launcher, jobs, initial_job_idx):
        values.extend(job.return_value for job in launch(launcher, jobs, initial_job_idx))
        return []

    monkeypatch.setattr(StackedLauncher, "launch", record)
    words = ["-m", *MOONS, "optimizer=sgd", "optimizer.lr=1,0.1,1e300", f"hydra.sweep.dir={tmp_path / 'out'}"]
    start([*words, "objective_metric=final_validation_cost", "hydra.launcher.n_jobs=1"], Session())
    table = optlab.load(tmp_path / "out").runs.set_index("lr")["final_validation_cost"]
    assert values == [table[1.0], table[0.1], float("inf")]
