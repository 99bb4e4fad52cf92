import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from optlab.analysis.study import study
from optlab.report.drawing import store
from optlab.report.drawing.panels import MOST
from optlab.report.drawing.style import look
from optlab.report.figures import catalogue as figures
from optlab.report.figures.convergence import convergence
from optlab.report.figures.final import final
from optlab.report.figures.sensitivity import sensitivity


@pytest.fixture(scope="module")
def results(sweep):
    return sweep(optimizers={"sgd": (0.3, 0.05), "adam": (1.0, 0.1), "mine": (0.5, 0.1)}, seeds=3)


@pytest.mark.parametrize("axis", ["step", "epoch", "gradient_evals", "seconds"])
def test_a_convergence_figure_has_one_labelled_panel_per_problem_and_a_legend(results, axis):
    figure = convergence(results.runs.assign(stack_size=1), results.trajectories, axis)
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        "breast_cancer · logistic",
        "digits · softmax",
    ]
    assert figure.axes[0].get_ylabel() == "training cost J"
    assert all(axes.get_xlabel().startswith(axis.split("_")[0]) for axes in figure.axes)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["sgd", "adam", "mine"]


def test_an_optimizer_has_the_same_colour_in_every_figure(results):
    adam = look("adam").color
    drawn = convergence(results.runs, results.trajectories), sensitivity(results.runs)
    for figure in drawn:
        assert adam in {to_hex(line.get_color()) for line in figure.axes[0].lines}
    points = final(results.runs).axes[0].collections
    assert adam in {to_hex(point.get_facecolor()[0], keep_alpha=False) for point in points}


def test_a_band_is_drawn_over_several_seeds_only(results, sweep):
    assert convergence(results.runs, results.trajectories).axes[0].collections
    single = sweep(optimizers=["adam"], seeds=1)
    assert not convergence(single.runs, single.trajectories).axes[0].collections


@pytest.mark.parametrize(("shift", "scale"), [(0.0, "log"), (-0.3, "linear")])
def test_costs_that_are_not_positive_get_a_linear_axis(results, shift, scale):
    trajectories = results.trajectories.assign(train_cost=results.trajectories["train_cost"] + shift)
    assert convergence(results.runs, trajectories).axes[0].get_yscale() == scale


def test_a_method_that_stops_long_before_the_others_gets_a_logarithmic_step_axis(results):
    adam = results.runs.loc[results.runs["optimizer"] == "adam", "run_id"]
    early = ~results.trajectories["run_id"].isin(adam) | (results.trajectories["epoch"] < 4)
    assert convergence(results.runs, results.trajectories[early]).axes[0].get_xscale() == "symlog"
    assert convergence(results.runs, results.trajectories).axes[0].get_xscale() == "linear"


def test_the_best_rate_and_the_rates_that_diverged_are_marked(results):
    above, below = sensitivity(results.runs).axes[:2]
    assert above.get_xscale() == "log"
    assert sum(line.get_linestyle() == "None" for line in above.lines) == 3  # the large markers
    assert below.patches  # adam diverges at the largest rate


def test_every_run_at_the_best_setting_is_a_point(results):
    figure = final(results.runs)
    assert [len(axes.collections) for axes in figure.axes] == [3, 3, 3, 3]
    assert all(len(points.get_offsets()) == 3 for axes in figure.axes for points in axes.collections)


def test_without_anything_to_draw_a_figure_says_so(results, sweep):
    one_rate = sensitivity(sweep(optimizers=["adam"], rates=[0.1]).runs)
    no_points = convergence(results.runs, results.trajectories.iloc[:0])
    no_values = final(results.runs.assign(status="diverged", final_train_cost=np.nan))
    for figure in (one_rate, no_points, no_values):
        assert len(figure.texts) == 1 and not figure.axes


def test_a_figure_has_a_limited_number_of_panels(sweep):
    many = sweep(optimizers=["adam"], rates=[0.1], seeds=1, problems=[f"data{n}" for n in range(9)])
    assert len(convergence(many.runs, many.trajectories).axes) == MOST
    assert "tables have all" in _pictures(many)[0].caption


def test_a_name_with_mathematics_in_it_is_plain_text(sweep, tmp_path):
    results = sweep(optimizers=["a$_{b", "<b>&"], rates=[0.1, 1.0], seeds=2, problems=("digits",))
    store.save(convergence(results.runs, results.trajectories), tmp_path, "f")
    assert "&lt;b&gt;&amp;" in (tmp_path / "f.svg").read_text("utf-8")


def test_the_same_figure_gives_the_same_bytes(results, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        store.save(sensitivity(results.runs), tmp_path / name, "f")
    for ending in ("svg", "png", "pdf"):
        assert (tmp_path / "one" / f"f.{ending}").read_bytes() == (
            tmp_path / "two" / f"f.{ending}"
        ).read_bytes()


def test_fonts_are_embedded_as_truetype(results, tmp_path):
    store.save(final(results.runs), tmp_path, "f")
    pdf = (tmp_path / "f.pdf").read_bytes()
    assert b"/Type42" in pdf or b"/CIDFontType2" in pdf
    assert b"/Type3" not in pdf


def test_captions_tell_seeds_and_band(results, sweep):
    several, one = _pictures(results), _pictures(sweep(seeds=1))
    assert "medians over 3 seeds; bands reach from the lowest to the highest" in several[0].caption
    assert "one seed), so there is no band" in one[0].caption


def test_runs_that_stopped_early_are_explained(results):
    runs = results.runs.assign(status="converged")
    told = _pictures(replace(results, runs=runs))[0].caption
    assert "keeps its last value" in told


def test_inlined_figures_have_ids_of_their_own_and_the_colours_of_the_page(results, tmp_path):
    store.save(final(results.runs), tmp_path, "f")
    svg = store.inline(tmp_path / "f.svg", "final")
    ids = set(re.findall(r'\bid="([^"]+)"', svg))
    assert all(name.startswith("final-") for name in ids)
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg)) <= ids
    assert "currentColor" in svg
    assert "<metadata>" not in svg


def _pictures(results):
    return figures.illustrations(study(results))


def test_costs_that_underflow_are_drawn_without_a_warning(results, tmp_path):
    tiny = 1e-309 * np.arange(1, len(results.runs) + 1)
    runs = results.runs.assign(final_train_cost=tiny)
    trajectories = results.trajectories.assign(
        train_cost=results.trajectories["train_cost"].where(results.trajectories["step"] == 0, 1e-309)
    )
    drawn = convergence(runs, trajectories), sensitivity(runs), final(runs)
    for figure in drawn:
        figure.savefig(tmp_path / "f.svg")


def test_axes_with_the_same_values_share_one_figure(results):
    def drawn(step):
        points = results.trajectories.assign(epoch=results.trajectories["step"] / step)
        pictures = _pictures(replace(results, trajectories=points.assign(gradient_evals=points["epoch"])))
        return {p.name: p.caption for p in pictures if p.family == "convergence"}

    assert list(drawn(step=1)) == ["convergence-step"]
    assert (
        "Counted in epochs or gradient evaluations, the figure is the same." in drawn(1)["convergence-step"]
    )
    assert list(drawn(step=10)) == ["convergence-step", "convergence-epoch"]
    assert "Counted in gradient evaluations, the figure is the same." in drawn(10)["convergence-epoch"]


@pytest.mark.parametrize("metric", ["final_train_cost", "final_test_cost"])
def test_steps_are_no_axis_where_batches_differ(mixed, results, metric):
    together, alike = (
        [picture.name for picture in figures.illustrations(study(some, metric))] for some in (mixed, results)
    )
    assert "convergence-epoch" in together
    assert not any("-step" in name for name in together)
    assert any("-step" in name for name in alike)
