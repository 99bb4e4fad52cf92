import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from optlab.analysis.study import study
from optlab.report.drawing import store
from optlab.report.figures import figures, learning


@pytest.fixture(scope="module")
def models(circles):
    return study(circles).models()


def test_regions_stand_above_the_costs(circles, draw):
    assert len(draw("learning", circles).axes) == 3


def test_the_gif_has_a_frame_for_every_recorded_point(models, tmp_path):
    content = learning.content(models)
    learning.gif(content, tmp_path / "a.gif")
    learning.gif(content, tmp_path / "b.gif")
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()
    with Image.open(tmp_path / "a.gif") as film:
        assert film.n_frames == len(content.epochs) == 5
        first = np.asarray(film.convert("RGB"))
        film.seek(4)
        assert (np.asarray(film.convert("RGB")) != first).any()


def test_a_run_that_stopped_stays_as_it_is_in_the_animation(models):
    run, other = models
    short = replace(run, points=run.points.iloc[:2], parameters=run.parameters[:2], final_row=1)
    content = learning.content([short, other])
    assert len(content.epochs) == 5
    assert (content.regions[0].shades[1:] == content.regions[0].shades[1]).all()


def test_the_player_loads_nothing_and_has_a_picture_for_every_frame(circles, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "FORMATS", {"svg": store.FORMATS["svg"]})
    monkeypatch.setattr(learning, "_caption", lambda study, problem: '<b>"')
    (drawing,) = figures()["learning"].drawings(study(circles))
    html = drawing.save(study(circles), tmp_path)
    assert (tmp_path / "learning.gif").is_file() and "<b>" not in html
    assert not re.search(r'(src|href)="?https?:', html)
    for name in ("sgd", "adam"):
        assert f'id="learning-region:of:{name}"' in html
    assert html.count("data:image/png;base64") == 2 * 5 + 2 and 'id="learning-now"' in html


def test_a_diverged_run_has_a_tile_that_says_so(models):
    first, second = models
    broken = replace(second, parameters=np.full_like(second.parameters, np.nan))
    figure = learning.draw(learning.content([first, broken]))
    assert "diverged" in [text.get_text() for axes in figure.axes for text in axes.texts]


def test_a_known_minimum_is_subtracted_from_the_costs(trained, tmp_path, draw):
    data = {"name": "moons", "n_samples": 40}
    logistic = {"name": "logistic", "l2": 0.1}
    results = trained(tmp_path, data, logistic, ["sgd"], lrs=[1.0], seeds=[0], record_parameters="all")
    axes = draw("learning", results).axes[-1]
    assert axes.get_ylabel() == "J − J*"
    judged = study(results)
    first = judged.trajectories.sort_values("step")["train_cost"].iloc[0] - judged.runs["optimum"].iloc[0]
    assert axes.lines[0].get_ydata()[0] == pytest.approx(first)
