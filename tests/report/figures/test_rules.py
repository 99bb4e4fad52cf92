from optlab.report.drawing.style import mark


def test_each_optimizer_has_a_row_and_a_mark_for_every_rule_that_gives_a_setting(sweep, draw):
    figure = draw("rules", sweep(["sgd", "adam"], [0.001, 0.01, 0.1], 2))
    (axes,) = figure.axes
    assert {label.get_gid() for label in axes.get_yticklabels()} == {mark("sgd"), mark("adam")}
    dots = [line for line in axes.get_lines() if line.get_linestyle() == "None" and len(line.get_xdata())]
    assert len(dots) == 2 * 3
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "at its defaults", "at one setting", "tuned"
    ]  # fmt: skip


def test_with_one_problem_and_no_defaults_in_the_grids_there_is_nothing_to_draw(sweep, drawings):
    assert not drawings("rules", sweep(["sgd", "adam"], [0.3], 2, problems=("digits",)))
    assert not drawings("rules", sweep(["sgd"], [0.01], 2))
