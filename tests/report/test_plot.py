from inspect import signature

import pytest
from matplotlib.figure import Figure

from optlab.core.errors import UserError
from optlab.report.figures import figures
from optlab.report.plot import drawable
from optlab.store.read import Results


@pytest.fixture(scope="module")
def plot(sweep):
    results = sweep({"sgd": (0.3, 0.05), "adam": (1.0, 0.1)}, [0.1, 1.0], 2, ["digits"])
    return drawable(Results(results.runs, results.trajectories, None, results.folders)).plot


def is_shown(figure):
    return isinstance(figure, Figure) and figure._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", figures())
def test_every_figure_is_one_that_a_notebook_shows(digits, name):
    assert is_shown(getattr(drawable(digits).plot, name)(style="paper"))


def test_figures_are_found_by_tab_and_explained_by_help(plot):
    assert set(figures()) <= set(dir(plot))
    assert list(signature(plot.convergence).parameters)[:3] == ["axis", "column", "metric"]
    assert (
        "interval over the repetitions" in plot.convergence.__doc__ and "style:" in plot.convergence.__doc__
    )


def test_options_are_given_by_place_or_name(plot):
    assert (
        plot.convergence("epoch").axes[0].get_xlabel() == plot.convergence(axis="epoch").axes[0].get_xlabel()
    )
    with pytest.raises(TypeError, match="axes"):
        plot.convergence(axes="epoch")


def test_an_unknown_figure_is_told_with_those_there_are(plot):
    with pytest.raises(AttributeError, match=r"convergance.*choose from.*convergence"):
        plot.convergance()


def test_seeds_and_minimum_are_those_that_are_asked_for(plot):
    assert plot.convergence(optimum={"": 0.0}).axes[0].get_ylabel() == "J − J*"
    assert len(plot.final(tuning_seeds=[0], evaluation_seeds=[1]).axes[0].collections[0].get_offsets()) == 1


def test_a_figure_for_a_paper_has_the_width_of_a_column(plot):
    assert plot.sensitivity(style="paper").get_figwidth() == pytest.approx(3.35)
    assert plot.sensitivity().get_figwidth() > 4


@pytest.mark.parametrize("options", [{"style": "poster"}, {"metric": "cost"}])
def test_a_wrong_word_is_told_with_those_that_are_right(plot, options):
    with pytest.raises(UserError, match="choose from"):
        plot.trials(**options)


@pytest.mark.parametrize("options", [{"axis": "stepp"}, {"column": "train_cots"}])
def test_an_axis_or_column_that_there_is_not_is_told_with_those_there_are(plot, options):
    with pytest.raises(UserError, match=r"did you mean '(step|train_cost)'. choose from") as error:
        plot.convergence(**options)
    assert "\n" not in str(error.value)
