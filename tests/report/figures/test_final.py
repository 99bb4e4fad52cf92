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


def test_without_a_finite_value_there_is_nothing_to_draw(results, draw):
    runs = results.runs.assign(status="diverged", final_train_cost=np.nan)
    figure = draw("final", replace(results, runs=runs))
    assert len(figure.texts) == 1 and not figure.axes


def test_many_runs_have_a_box_and_few_have_none(results, sweep, draw):
    assert not any(line.get_xdata().size == 5 for line in draw("final", results).axes[0].lines)
    many = draw("final", sweep(["sgd", "adam"], rates=[0.1], seeds=8, problems=("digits",)))
    assert sum(line.get_xdata().size == 5 for line in many.axes[0].lines) == 2  # the outline of a box


@pytest.mark.parametrize("metric", ["final_train_cost", "final_test_accuracy"])
def test_both_panels_of_a_problem_have_the_order_of_the_results_the_first_on_top(results, draw, metric):
    judged = study(results, metric)
    axes = draw("final", judged).axes
    for place, problem in enumerate(sorted(judged.problems)):
        ranked = judged.summary.loc[judged.summary["problem"] == problem, "optimizer"]
        for panel in axes[2 * place : 2 * place + 2]:
            assert [label.get_text() for label in panel.get_yticklabels()] == list(ranked)
            below, above = panel.get_ylim()
            assert below > above and list(panel.get_yticks()) == [0, 1, 2]


def test_the_generator_of_others_is_left_alone(results, draw):
    np.random.seed(1)
    expected = np.random.random()
    np.random.seed(1)
    draw("final", results)
    assert np.random.random() == expected


def test_gaps_at_the_rounding_of_J_stand_where_it_is(known, draw):
    """Whatever they are: runs on several splits have several."""
    gaps = np.where(known.runs["seed"] == 0, 4e-15, 1e-14)
    axes = draw("final", replace(known, runs=known.runs.assign(final_gap=gaps))).axes[0]
    places = np.concatenate([np.asarray(points.get_offsets())[:, 0] for points in axes.collections])
    assert places == pytest.approx(np.full(6, 1e-14)) and axes.get_xlabel().endswith("(dotted: rounding)")
    low, high = axes.get_xlim()
    assert low < 1e-14 < high


def test_a_minimum_of_zero_that_is_reached_leaves_the_axis_positive(trained, tmp_path, draw):
    data = {
        "name": "shifts",
        "dimension": 2,
        "validation_fraction": 0.0,
        "test_fraction": 0.0,
        "standardize": False,
    }
    exact = {"name": "quadratic", "spectrum": [1.0, 1.0]}  # a rate of 1 lands on the minimum
    results = trained(tmp_path, data, exact, lrs=(1.0,), seeds=[0])
    assert (results.runs["final_train_cost"] == 0).any()
    assert all(axes.get_xlim()[0] > 0 for axes in draw("final", results).axes if axes.get_xscale() == "log")
