def test_every_optimizer_is_named_with_its_mean_rank(sweep, draw):
    results = sweep(problems=("a", "b", "c"), seeds=2, rates=[0.03, 0.3])
    texts = [text.get_text() for text in draw("critical_difference", results).axes[0].texts]
    assert any(text.startswith("critical difference") for text in (text.strip() for text in texts))
    assert "newton\u00a0\u00a01.00" in texts
    assert len(texts) == 1 + results.runs["optimizer"].nunique()


def test_optimizers_that_the_problems_do_not_tell_apart_are_joined_by_a_bar(sweep, draw):
    results = sweep(problems=("a", "b"), optimizers=["a", "b", "c"], seeds=2, noise=0.0)
    bars = [line for line in draw("critical_difference", results).axes[0].lines if line.get_linewidth() > 2]
    assert len(bars) == 1


def test_on_one_problem_there_are_no_mean_ranks(sweep, draw):
    figure = draw("critical_difference", sweep(problems=("digits",), seeds=1))
    assert len(figure.texts) == 1 and not figure.axes
