from dataclasses import replace

import numpy as np
import pytest


@pytest.fixture(scope="module")
def results(sweep):
    return sweep(optimizers={"sgd": (0.3, 0.05), "adam": (1.0, 0.1), "mine": (0.5, 0.1)}, seeds=3)


def test_every_run_at_the_best_setting_is_a_point(results, draw):
    figure = draw("final", results)
    assert [len(axes.collections) for axes in figure.axes] == [3, 3, 3, 3]
    assert all(len(points.get_offsets()) == 3 for axes in figure.axes for points in axes.collections)


def test_without_a_finite_value_there_is_nothing_to_draw(results, draw):
    runs = results.runs.assign(status="diverged", final_train_cost=np.nan)
    figure = draw("final", replace(results, runs=runs))
    assert len(figure.texts) == 1 and not figure.axes
