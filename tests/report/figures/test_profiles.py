from optlab.report.figures.profiles import profiles


def test_there_is_a_band_over_several_seeds_and_none_over_one(known, sweep):
    assert [axes.get_title(loc="left") for axes in profiles(*known).axes] == [
        "Targets reached",
        "Data profile",
        "Performance profile",
    ]
    assert all(axes.collections for axes in profiles(*known).axes)
    single = sweep(optimizers=["sgd", "adam"], seeds=1, problems=("breast_cancer",))
    assert not any(axes.collections for axes in profiles(single.runs, single.trajectories).axes)
