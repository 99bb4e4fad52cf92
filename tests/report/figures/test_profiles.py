def test_there_is_a_band_over_several_seeds_and_none_over_one(known, sweep, draw):
    figure = draw("profiles", known)
    titles = ["Targets reached", "Data profile", "Performance profile"]
    assert [axes.get_title(loc="left") for axes in figure.axes] == titles
    assert all(axes.collections for axes in figure.axes)
    single = sweep(optimizers=["sgd", "adam"], seeds=1, problems=("breast_cancer",))
    assert not any(axes.collections for axes in draw("profiles", single).axes)
