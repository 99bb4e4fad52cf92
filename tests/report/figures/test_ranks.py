def test_the_best_mean_rank_is_on_top(sweep, draw):
    results = sweep(optimizers={"sgd": (0.3, 0.05), "adam": (1.0, 0.1)}, rates=[0.1, 1.0], seeds=2)
    assert draw("ranks", results).axes[0].get_yticklabels()[0].get_text() == "adam"


def test_the_caption_counts_the_pairs(sweep, drawings):
    # two problems, and three of five seeds that the settings are judged on
    assert "over 6 pairs of problem and seed" in drawings("ranks", sweep())["ranks"]


def test_one_optimizer_has_no_ranks(sweep, drawings):
    assert drawings("ranks", sweep(optimizers=["adam"])) == {}
