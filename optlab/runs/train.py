"""Training of the runs of canonical configurations."""

from optlab.datasets import Dataset
from optlab.runs import build
from optlab.runs.identity import Run
from optlab.training.history import History
from optlab.training.loop import Progress, Training, train
from optlab.training.schedules import make_schedules


def train_once(runs: tuple[Run, ...], dataset: Dataset, progress: Progress | None = None) -> History:
    """The trajectories of runs that are trained together."""
    from threadpoolctl import threadpool_limits

    config = runs[0].config
    training = Training(**config["training"])
    with threadpool_limits(1, user_api="blas"):  # the bits must not depend on the number of threads
        return train(
            build.model(config, dataset),
            dataset,
            [build.run_spec(run.config) for run in runs],
            training,
            make_schedules(config["schedule"], training.budget(len(dataset.train.y))),
            config["dtype"],
            progress,
        )
