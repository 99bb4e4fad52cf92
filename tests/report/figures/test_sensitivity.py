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


def test_the_upright_says_what_it_is(known, draw):
    assert "2/L" in [text.get_text() for text in draw("sensitivity", known).axes[0].texts]


def test_without_a_diverged_run_there_is_no_strip(sweep, draw):
    tame = draw("sensitivity", sweep(["newton"], rates=[0.01, 0.1], seeds=2, problems=("digits",)))
    assert len(tame.axes) == 1 and tame.axes[0].get_xlabel() == "learning rate"


def test_a_known_minimum_is_subtracted(known, draw):
    axes = draw("sensitivity", known).axes[0]
    assert axes.get_ylabel() == "gap J − J*" and axes.get_yscale() == "log"
