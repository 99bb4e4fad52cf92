from optlab.report.figures.sensitivity import sensitivity


def test_the_edge_of_stability_is_an_upright_at_2_over_l(known):
    lines = [list(line.get_xdata()) for line in sensitivity(known[0]).axes[0].lines]
    assert [0.2, 0.2] in lines
