import numpy as np
import pytest
from matplotlib.colors import to_hex


def test_a_line_joins_the_networks_of_one_variant_and_depth(networks, compared, draw):
    figure = draw("capacity", compared(networks))
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["training loss", "validation cost"]
    joined = [line for line in figure.axes[1].lines if len(line.get_xdata()) == 2]
    assert len(joined) == 2 and len({to_hex(line.get_color()) for line in joined}) == 2
    np.testing.assert_allclose(joined[0].get_ydata(), [1 / 3, 1 / 6])
    names = [text.get_text() for legend in figure.legends for text in legend.texts]
    assert names == ["activation=relu", "activation=tanh", "1 hidden layer", "2 hidden layers"]


def test_the_ring_is_at_the_least_validation_cost(networks, compared, draw):
    rings = [
        line for line in draw("capacity", compared(networks)).axes[1].lines if line.get_markersize() > 10
    ]
    assert [y for line in rings for y in line.get_ydata()] == [pytest.approx(10 / 130)]


def test_test_costs_serve_where_there_is_no_validation_part(networks, compared, draw):
    without = networks.assign(rank=np.nan, verdict="", final_validation_cost=np.nan)
    assert draw("capacity", compared(without)).axes[1].get_title(loc="left") == "test cost"


def test_networks_of_two_sizes_make_no_curve(networks, compared, drawings, draw):
    small = compared(networks[networks["parameters"] < 100])
    assert drawings("capacity", small) == {}
    assert "three sizes" in draw("capacity", small).texts[0].get_text()


def test_an_interval_without_an_upper_end_stays_in_the_panel(networks, compared, draw):
    networks.loc[4, "final_validation_cost_high"] = np.inf
    assert np.isfinite(draw("capacity", compared(networks)).axes[1].get_ylim()).all()
