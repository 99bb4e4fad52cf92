import pytest
from matplotlib.figure import Figure

from optlab.core.errors import UserError
from optlab.report.plot import drawable
from optlab.store.results import Results

TABLES = (
    "convergence",
    "sensitivity",
    "heatmap",
    "trials",
    "profiles",
    "final",
    "ranks",
    "overview",
    "critical_difference",
)


@pytest.fixture(scope="module")
def plot(sweep):
    results = sweep({"sgd": (0.3, 0.05), "adam": (1.0, 0.1)}, [0.1, 1.0], 2, ["digits"])
    return drawable(Results(results.runs, results.trajectories, None, results.folders)).plot


def is_shown(figure):
    return isinstance(figure, Figure) and figure._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", TABLES)
def test_a_picture_is_a_figure_that_a_notebook_shows(plot, name):
    assert is_shown(getattr(plot, name)())


@pytest.mark.parametrize("name", ["weights", "mistakes", "confusion", "noise"])
def test_a_picture_of_what_was_learned_is_one_too(digits, name):
    assert is_shown(getattr(drawable(digits).plot, name)(style="paper"))


def test_a_figure_for_a_paper_has_the_width_of_a_column(plot):
    assert plot.sensitivity(style="paper").get_figwidth() == pytest.approx(3.35)
    assert plot.sensitivity().get_figwidth() > 4


@pytest.mark.parametrize("options", [{"style": "poster"}, {"metric": "cost"}])
def test_a_wrong_word_is_told_with_those_that_are_right(plot, options):
    with pytest.raises(UserError, match="choose from"):
        plot.trials(**options)
