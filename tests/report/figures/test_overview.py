def test_every_problem_and_optimizer_has_a_number(sweep, draw):
    results = sweep(optimizers={"sgd": (0.3, 0.05), "adam": (1.0, 0.1)}, rates=[0.1, 1.0], seeds=2)
    (axes,) = draw("overview", results).axes
    assert len(axes.texts) == 4


def test_one_problem_has_no_overview(sweep, drawings):
    assert drawings("overview", sweep(problems=("digits",), seeds=1)) == {}
