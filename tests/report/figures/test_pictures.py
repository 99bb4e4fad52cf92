"""Pictures of what was learned, of tiny runs that are really trained."""

import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from optlab.analysis.optimum.certificates import with_optimum
from optlab.analysis.problem.problems import with_problems
from optlab.analysis.problem.seeds import with_roles
from optlab.analysis.trained.predictions import on_grid
from optlab.analysis.trained.rebuilt import models
from optlab.report.drawing import store
from optlab.report.figures import (
    confusion,
    heatmap,
    images,
    learning,
    noise,
    overview,
    path,
    pictures,
    ranks,
    regions,
)


def prepared(results):
    return with_optimum(with_roles(with_problems(results.runs)))


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_data_with_two_features_have_an_animation_and_paths(circles):
    found = pictures.of_models(circles, prepared(circles))
    assert [picture.name for picture in found] == ["learning", "path"]
    assert pictures.hints(circles, prepared(circles)) == []
    for picture in found:
        assert "seed" in picture.caption and picture.caption.endswith(".")
        assert {"sgd", "adam"} <= {text for text in texts(picture.draw())} | {
            axes.get_title(loc="left") for axes in picture.draw().axes
        }


def test_images_have_weights_confusion_mistakes_and_noise(digits):
    found = pictures.of_models(digits, prepared(digits))
    assert [picture.name for picture in found] == ["weights", "confusion", "mistakes", "noise"]
    for picture in found:
        assert picture.draw().axes


@pytest.mark.parametrize(
    "function", [images.weights, images.mistakes, confusion.confusions, noise.noise_answers, path.path]
)
def test_a_notebook_draws_from_results_alone(digits, function):
    assert function(digits).axes or function is path.path  # final parameters alone make no path


def test_two_features_are_drawn_without_a_page(circles):
    assert len(regions.regions(circles).axes) == 2 and len(learning.learning(circles).axes) == 3
    assert len(path.path(circles).axes) == 2


def test_data_without_two_features_say_so(digits):
    for function in (regions.regions, learning.learning):
        assert "not two" in function(digits).texts[0].get_text()


def test_a_region_shows_the_predicted_class_and_how_sure_the_model_is(circles):
    run = models(circles)[0]
    shown = regions.region(run, run.final, 20)
    p = on_grid(run, run.final, shown.extent, 20)[0]
    inside = shown.shades[0] < len(regions.CLASSES) * regions.LEVELS  # the others are on the border
    assert inside.any()
    np.testing.assert_array_equal((shown.shades[0] // regions.LEVELS)[inside], p.argmax(-1)[inside])
    level = (shown.shades[0] % regions.LEVELS)[inside]
    sure = p.max(-1)[inside]
    assert level[sure.argmax()] == level.max() and level[sure.argmin()] == level.min()


def test_the_border_runs_between_two_classes():
    x = np.linspace(0.05, 0.95, 10)
    p = np.broadcast_to(np.stack([x, 1 - x], axis=-1), (1, 10, 10, 2))
    border = regions.shades(p)[0] >= len(regions.CLASSES) * regions.LEVELS
    assert border[:, 4:6].all() and not border[:, [0, 1, 2, 7, 8, 9]].any()


def test_the_gif_has_a_frame_for_every_recorded_point(circles, tmp_path):
    content = learning.content(models(circles))
    learning.gif(content, tmp_path / "a.gif")
    learning.gif(content, tmp_path / "b.gif")
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()
    with Image.open(tmp_path / "a.gif") as film:
        assert film.n_frames == len(content.epochs) == 5
        first = np.asarray(film.convert("RGB"))
        film.seek(4)
        assert (np.asarray(film.convert("RGB")) != first).any()


def test_a_run_that_stopped_stays_as_it_is_in_the_animation(circles):
    run, other = models(circles)
    short = replace(run, points=run.points.iloc[:2], parameters=run.parameters[:2], kept=1)
    content = learning.content([short, other])
    assert len(content.epochs) == 5
    assert (content.regions[0].shades[1:] == content.regions[0].shades[1]).all()


def test_the_player_loads_nothing_and_has_a_picture_for_every_frame(circles, tmp_path, monkeypatch):
    content = learning.content(models(circles))
    monkeypatch.setattr(store, "FORMATS", {"svg": store.FORMATS["svg"]})
    store.save(learning.draw(content), tmp_path, "learning")
    html = learning.player(content, "learning", '<b>"', tmp_path)
    assert (tmp_path / "learning.gif").is_file() and "<b>" not in html
    assert not re.search(r'(src|href)="?https?:', html)
    for name in ("sgd", "adam"):
        assert f'id="learning-region:of:{name}"' in html
    assert html.count("data:image/png;base64") == 2 * 5 + 2 and 'id="learning-now"' in html


def test_diverged_runs_have_a_tile_that_says_so(circles, digits):
    def broken(run):
        return replace(run, parameters=np.full_like(run.parameters, np.nan))

    first, second = models(circles)
    assert "diverged" in texts(learning.draw(learning.content([first, broken(second)])))
    assert len(path.landscapes([first, broken(second)])) == 1
    run = broken(models(digits)[0])
    assert "diverged" in texts(confusion.draw([confusion.matrix(run)]))
    assert "diverged" in texts(noise.draw([noise.guesses(run)]))
    assert "diverged" in texts(images.draw_weights([images.weights_of(run)]))


def test_paths_share_a_plane_where_the_cost_is_convex(trained, tmp_path):
    data = {"name": "moons", "n_samples": 40}
    results = trained(tmp_path, data, {"name": "logistic"}, seeds=[0], record_parameters="all")
    (shared,) = path.landscapes(models(results))
    assert set(shared.paths) == {"sgd", "adam"}
    np.testing.assert_allclose(shared.paths["sgd"][0], shared.paths["adam"][0])  # both start at 0


def test_what_keeps_a_picture_away_is_told_in_a_line(trained, tmp_path, circles, monkeypatch):
    plain = trained(tmp_path, {"name": "moons", "n_samples": 40}, {"name": "logistic"}, ["sgd"], seeds=[0])
    assert pictures.of_models(plain, prepared(plain)) == []
    (line,) = pictures.hints(plain, prepared(plain))
    assert "training.record_parameters=all" in line
    runs = prepared(circles)
    lost = replace(circles, folders=())
    assert pictures.of_models(lost, runs) == []
    (line,) = pictures.hints(lost, runs)
    assert line.startswith("circles · mlp 3: no pictures of what was learned. run ")


def test_data_that_cannot_be_drawn_need_no_hint(sweep):
    results = sweep(optimizers=["sgd"], rates=[0.1], seeds=1, problems=("breast_cancer",))
    assert pictures.hints(results, prepared(results)) == []


def test_tables_alone_give_ranks_and_the_grid_of_problems(sweep):
    results = sweep(optimizers={"sgd": (0.3, 0.05), "adam": (1.0, 0.1)}, rates=[0.1, 1.0], seeds=2)
    runs = prepared(results)
    assert [picture.name for picture in pictures.from_tables(results, runs)] == ["ranks", "overview"]
    assert ranks.ranks(runs).axes[0].get_yticklabels()[0].get_text() == "adam"
    assert len(texts(overview.overview(runs))) == 4
    assert "two numbers" in heatmap.heatmap(runs).texts[0].get_text()
