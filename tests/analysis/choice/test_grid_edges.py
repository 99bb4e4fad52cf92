import pytest

from optlab.analysis.choice.grid_edges import grid_edges


@pytest.fixture
def edges(table, judge, changed):
    """The edges of the setting that is chosen of three with the given options."""

    def made(option, values, costs, section="optimizer"):
        runs = table(*(("sgd", 0.1, seed, cost) for cost in costs for seed in range(3)))
        for place, value in enumerate(values):
            runs = changed(runs, range(3 * place, 3 * place + 3), section, option, value)
        judged = judge(runs)
        return grid_edges(judged.runs, judged.best)[["option", "value", "edge"]].to_numpy().tolist()

    return made


@pytest.mark.parametrize(
    ("option", "section"), [("lr", "optimizer"), ("momentum", "optimizer"), ("batch_size", "training")]
)
def test_any_option_that_was_swept_may_be_at_its_edge(edges, option, section):
    assert edges(option, [1, 2, 4], [3.0, 2.0, 1.0], section) == [[option, 4, "highest"]]
    assert edges(option, [1, 2, 4], [1.0, 2.0, 3.0], section) == [[option, 1, "lowest"]]
    assert edges(option, [1, 2, 4], [2.0, 1.0, 2.0], section) == []


def test_zero_is_no_edge(edges):
    assert edges("momentum", [0.0, 0.5, 0.9], [1.0, 2.0, 3.0]) == []


def test_switches_and_constants_have_no_edge(edges):
    assert edges("nesterov", [True, False, True], [1.0, 2.0, 3.0]) == []
    assert edges("lr", [0.1, 0.1, 0.1], [1.0, 1.0, 1.0]) == []


def test_a_setting_as_good_as_another_is_at_no_edge(edges):
    assert edges("lr", [1, 2, 4], [3.0, 1.0, 1.0]) == []
