from optlab.analysis.study import study


def test_the_edge_of_stability_is_an_upright_at_2_over_l(known, draw):
    lines = [list(line.get_xdata()) for line in draw("sensitivity", known).axes[0].lines]
    assert [0.2, 0.2] in lines


def test_a_large_marker_stands_at_the_best_rate_of_each_optimizer_and_nowhere_else(sweep, draw):
    judged = study(sweep(["sgd", "adam", "mine"], seeds=3, problems=["breast_cancer"]))
    above = draw("sensitivity", judged).axes[0]
    markers = [line.get_xdata().tolist() for line in above.lines if line.get_linestyle() == "None"]
    assert sorted(markers) == sorted([rate] for rate in judged.best["lr"])


def test_the_rates_that_diverged_are_marked(sweep, draw):
    above, below = draw("sensitivity", sweep(["sgd", "adam", "mine"], seeds=3)).axes[:2]
    assert above.get_xscale() == "log"
    assert below.patches  # adam diverges at the largest rate


def test_one_rate_makes_no_curve(sweep, draw, drawings):
    results = sweep(optimizers=["adam"], rates=[0.1])
    assert "more than one learning rate" in draw("sensitivity", results).texts[0].get_text()
    assert drawings("sensitivity", results) == {}
