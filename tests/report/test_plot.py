import pytest
from matplotlib.figure import Figure

from optlab.errors import UserError
from optlab.report.plot import drawable
from optlab.store.results import Results


@pytest.fixture(scope="module")
def plot(sweep):
    results = sweep({"sgd": (0.3, 0.05), "adam": (1.0, 0.1)}, [0.1, 1.0], 2, ["digits"])
    return drawable(Results(results.runs, results.trajectories, None, results.folders)).plot


@pytest.mark.parametrize("name", ["convergence", "sensitivity", "heatmap", "trials", "profiles", "final"])
def test_a_picture_is_a_figure_that_a_notebook_shows(plot, name):
    figure = getattr(plot, name)()
    assert isinstance(figure, Figure)
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_a_figure_for_a_paper_has_the_width_of_a_column(plot):
    assert plot.sensitivity(style="paper").get_figwidth() == pytest.approx(3.35)
    assert plot.sensitivity().get_figwidth() > 4


@pytest.mark.parametrize("options", [{"style": "poster"}, {"metric": "cost"}])
def test_a_wrong_word_is_told_with_those_that_are_right(plot, options):
    with pytest.raises(UserError, match="choose from"):
        plot.trials(**options)
