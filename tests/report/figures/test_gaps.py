import numpy as np

from optlab.analysis.comparison.problem_comparison import VALUES


def test_a_dumbbell_reaches_from_the_training_loss_to_the_test_cost(networks, compared, draw):
    axes = draw("gaps", compared(networks)).axes[0]
    lines = [line for line in axes.lines if line.get_linestyle() != "None"]
    ends = [[row.train_loss, row.final_test_cost] for row in networks.itertuples()]
    assert [list(line.get_xdata()) for line in lines] == ends
    assert axes.get_yticklabels()[0].get_text() == "mlp 8-8 · activation=relu"


def test_a_training_cost_with_its_penalty_is_a_hollow_circle(networks, compared, draw):
    assert "with its penalty" not in str(draw("gaps", compared(networks)).legends[0].texts)
    networks.loc[0, ["train_loss", "gap"]] = np.nan
    figure = draw("gaps", compared(networks))
    assert "training cost J, with its penalty" in [text.get_text() for text in figure.legends[0].texts]
    assert figure.axes[0].lines[1].get_markerfacecolor() == "none"


def test_diverged_networks_have_no_row(networks, compared, draw):
    networks.loc[5, [f"{name}{end}" for name in VALUES for end in ("", "_low", "_high")]] = np.inf
    assert len(draw("gaps", compared(networks)).axes[0].get_yticklabels()) == 5


def test_problems_on_data_of_their_own_have_no_figure(sweep, drawings, draw):
    results = sweep(optimizers=["adam"], seeds=2, rates=[0.1])
    assert drawings("gaps", results) == {}
    assert "No three problems" in draw("gaps", results).texts[0].get_text()
