from dataclasses import replace

import numpy as np
import pytest

from optlab.analysis.study import study


@pytest.fixture(scope="module")
def results(sweep):
    return sweep(optimizers={"sgd": (0.3, 0.05), "adam": (1.0, 0.1), "mine": (0.5, 0.1)}, seeds=3)


def test_every_run_at_the_best_setting_is_a_point(results, draw):
    figure = draw("final", results)
    assert [len(axes.collections) for axes in figure.axes] == [3, 3, 3, 3]
    assert all(len(points.get_offsets()) == 3 for axes in figure.axes for points in axes.collections)


@pytest.mark.parametrize("metric", ["final_train_cost", "final_test_accuracy"])
def test_the_best_median_is_on_top(results, draw, metric):
    judged = study(results, metric)
    for problem, axes in zip(judged.problems, draw("final", judged).axes[::2], strict=True):
        medians = judged.chosen[judged.chosen["problem"] == problem].groupby("optimizer")[metric].median()
        best_first = list(medians.sort_values(ascending=not metric.endswith("accuracy")).index)
        rows = {
            label.get_text(): y for label, y in zip(axes.get_yticklabels(), axes.get_yticks(), strict=True)
        }
        below, above = axes.get_ylim()
        assert below > above  # so row 0 is on top
        assert sorted(rows, key=rows.get) == best_first


def test_without_a_finite_value_there_is_nothing_to_draw(results, draw):
    runs = results.runs.assign(status="diverged", final_train_cost=np.nan)
    figure = draw("final", replace(results, runs=runs))
    assert len(figure.texts) == 1 and not figure.axes
