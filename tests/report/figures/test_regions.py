import numpy as np

from optlab.analysis.study import study
from optlab.analysis.trained.predictions import on_grid
from optlab.report.figures import regions


def test_there_is_a_tile_for_every_optimizer(circles, draw):
    assert len(draw("regions", circles).axes) == 2


def test_a_region_shows_the_predicted_class_and_how_sure_the_model_is(circles):
    run = study(circles).models()[0]
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
