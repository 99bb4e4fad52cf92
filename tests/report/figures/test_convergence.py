import json
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from optlab.report.drawing.panels import MAX_PANELS
from optlab.report.drawing.style import look


@pytest.fixture(scope="module")
def results(sweep):
    return sweep(optimizers={"sgd": (0.3, 0.05), "adam": (1.0, 0.1), "mine": (0.5, 0.1)}, seeds=3)


def in_data(line, axes):
    return line.get_transform() == axes.transData


def thin(axes):
    return [line for line in axes.lines if line.get_linewidth() == 0.7]


@pytest.mark.parametrize("axis", ["step", "epoch", "gradient_evals", "seconds"])
def test_there_is_one_labelled_panel_per_problem_with_named_lines(results, draw, axis):
    alone = replace(results, runs=results.runs.assign(stack_size=1))
    figure = draw("convergence", alone, axis=axis, column="train_cost")
    titles = ["breast_cancer · logistic", "digits · softmax"]
    assert [axes.get_title(loc="left") for axes in figure.axes] == titles
    assert figure.axes[0].get_ylabel() == "training cost J"
    assert all(axes.get_xlabel().startswith(axis.split("_")[0]) for axes in figure.axes)
    assert {text.get_text() for text in figure.axes[0].texts} == {"sgd", "adam", "mine"}


def test_an_optimizer_has_its_colour(results, draw):
    colors = {to_hex(line.get_color()) for line in draw("convergence", results).axes[0].lines}
    assert look("adam").color in colors


@pytest.mark.parametrize(("seeds", "drawn"), [(6, True), (5, False), (1, False)])
def test_a_band_is_drawn_where_the_median_has_an_interval(sweep, draw, seeds, drawn):
    axes = draw("convergence", sweep(optimizers=["adam"], seeds=seeds, rates=[0.1])).axes[0]
    assert bool(axes.collections) == drawn


@pytest.mark.parametrize(("shift", "scale"), [(0.0, "log"), (-0.3, "linear")])
def test_costs_that_are_not_positive_get_a_linear_axis(results, draw, shift, scale):
    points = results.trajectories.assign(train_cost=results.trajectories["train_cost"] + shift)
    assert draw("convergence", replace(results, trajectories=points)).axes[0].get_yscale() == scale


def test_a_method_that_stops_long_before_the_others_gets_a_logarithmic_step_axis(results, draw):
    adam = results.runs.loc[results.runs["optimizer"] == "adam", "run_id"]
    early = ~results.trajectories["run_id"].isin(adam) | (results.trajectories["epoch"] < 4)
    short = replace(results, trajectories=results.trajectories[early])
    assert draw("convergence", short).axes[0].get_xscale() == "symlog"
    assert draw("convergence", results).axes[0].get_xscale() == "linear"


def test_a_figure_has_a_limited_number_of_panels(sweep, draw, drawings):
    many = sweep(optimizers=["adam"], rates=[0.1], seeds=1, problems=[f"data{n}" for n in range(9)])
    assert len(draw("convergence", many).axes) == MAX_PANELS
    assert "6 of 9 problems are drawn." in drawings("convergence", many)["convergence-gradient_evals"]


def test_without_a_finite_value_there_is_nothing_to_draw(results, draw, drawings):
    empty = replace(results, trajectories=results.trajectories.iloc[:0])
    figure = draw("convergence", empty)
    assert len(figure.texts) == 1 and not figure.axes
    assert drawings("convergence", empty) == {}


def test_captions_tell_seeds_and_band(results, sweep, drawings):
    assert "medians over 3 seeds" in drawings("convergence", results)["convergence-gradient_evals"]
    six = sweep(optimizers=["adam"], seeds=6, rates=[0.1])
    assert (
        "medians over 6 seeds with 96.9 % intervals"
        in drawings("convergence", six)["convergence-gradient_evals"]
    )
    assert "one seed each" in drawings("convergence", sweep(seeds=1))["convergence-gradient_evals"]


def test_axes_with_the_same_values_share_one_figure(results):
    from optlab.analysis.study import study
    from optlab.report.figures.convergence import FIGURE

    def titles(step):
        points = results.trajectories.assign(epoch=results.trajectories["step"] / step)
        judged = study(replace(results, trajectories=points.assign(gradient_evals=points["epoch"])))
        return {drawing.name: drawing.title for drawing in FIGURE.drawings(judged)}

    by_epoch = "by gradient evaluations and epochs"
    assert titles(1) == {"convergence-gradient_evals": f"{by_epoch[:23]}, epochs and steps"}
    assert titles(10) == {"convergence-gradient_evals": by_epoch, "convergence-step": "by steps"}


@pytest.mark.parametrize("metric", ["final_train_cost", "final_test_cost"])
def test_steps_are_no_axis_where_batches_differ(mixed, results, drawings, metric):
    from optlab.analysis.study import study

    together, alike = (drawings("convergence", study(of, metric)) for of in (mixed, results))
    assert any("-gradient_evals" in name for name in together)
    assert not any("-step" in name for name in together)
    assert any("-step" in name for name in alike)


def test_a_metric_that_is_no_training_cost_has_a_figure_of_its_own(results, drawings):
    from optlab.analysis.study import study

    names = list(drawings("convergence", study(results, "final_test_cost")))
    assert names[0] == "convergence-gradient_evals-test_cost"


def test_the_predicted_rate_is_drawn_for_gradient_descent(known, draw):
    [line] = thin(draw("convergence", known).axes[0])
    (x, y), rates = line.get_data(), known.runs.loc[known.runs["optimizer"] == "sgd", "lr"].unique()
    observed = (y[11] / y[10]) ** (1 / (x[11] - x[10]))
    assert any(observed == pytest.approx((1 - rate * 0.01) ** 2, rel=1e-6) for rate in rates)


def test_mini_batches_have_no_predicted_rate(known, draw):
    configs = [json.loads(text) for text in known.runs["config"]]
    for config in configs:
        config["training"]["batch_size"] = 32
    runs = known.runs.assign(config=[json.dumps(config) for config in configs])
    assert not thin(draw("convergence", replace(known, runs=runs)).axes[0])


def test_seconds_of_runs_that_were_trained_together_are_not_drawn(known, draw):
    assert "max_stack=1" in draw("convergence", known, axis="seconds").texts[0].get_text()


def test_a_line_that_ends_above_the_panel_has_no_marker_there(known, draw, with_points):
    points = known.trajectories
    adam = points["run_id"].isin(known.runs.loc[known.runs["optimizer"] == "adam", "run_id"])
    cost = points["train_cost"].mask(adam & (points["step"] > 50), 1e3)
    axes = draw("convergence", with_points(known, train_cost=cost), column="train_cost").axes[0]
    ends = [line for line in axes.lines if line.get_marker() not in ("None", "") and in_data(line, axes)]
    above = [line.get_ydata()[-1] > axes.get_ylim()[1] for line in ends]
    assert [line.get_clip_on() for line in ends] == above == [True, False]


def test_hessian_work_is_drawn_of_those_that_ask_for_it(known, draw):
    asks = known.points["run_id"].isin(known.runs.loc[known.runs["optimizer"] == "adam", "run_id"])
    vars(known)["points"] = known.points.assign(hessian_work=known.points["step"].where(asks, 0.0))
    figure = draw("convergence", known, axis="hessian_work")
    assert [text.get_text() for text in figure.axes[0].texts] == ["adam"]


def test_costs_that_underflow_are_drawn_without_a_warning(results, draw, tmp_path):
    points = results.trajectories
    tiny = points.assign(train_cost=points["train_cost"].where(points["step"] == 0, 1e-309))
    runs = results.runs.assign(final_train_cost=1e-309 * np.arange(1, len(results.runs) + 1))
    for name in ("convergence", "sensitivity", "final"):
        draw(name, replace(results, runs=runs, trajectories=tiny)).savefig(tmp_path / "f.svg")


def test_all_panels_have_scales_of_one_kind(results, draw):
    digits = results.runs.loc[results.runs["dataset"] == "digits", "run_id"]
    points = results.trajectories
    early = points["run_id"].isin(digits) & (points["epoch"] > 3) & (points["epoch"] < 100)
    figure = draw("convergence", replace(results, trajectories=points[~early]))
    assert len({(axes.get_xscale(), axes.get_yscale()) for axes in figure.axes}) == 1


def test_an_accuracy_ends_at_1(results, draw):
    axes = draw("convergence", results, column="train_accuracy").axes[0]
    assert axes.get_ylim()[1] <= 1.05 and max(axes.get_yticks()) <= 1


def test_work_is_gradient_evaluations_where_nothing_else_is_asked_for(results, draw):
    assert draw("convergence", results).axes[0].get_xlabel() == "gradient evaluations"


def test_work_is_gradient_equivalents_where_hessians_are_asked_for(known, draw, drawings):
    points = known.points.assign(hessian_evals=1.0, flops=1.0, hessian_work=known.points["step"])
    vars(known)["points"] = points.assign(gradient_equivalents=3.0 * points["step"])
    assert draw("convergence", known).axes[0].get_xlabel().startswith("gradient-equivalents")
    assert next(iter(drawings("convergence", known))) == "convergence-gradient_equivalents"
