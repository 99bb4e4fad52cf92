from optlab.launch.grid import union

FIRST = {
    "problem": ["problem=a", "problem=b"],
    "optimizer": ["optimizer=sgd", "optimizer=adam"],
    "lr": ["lr=1", "lr=2"],
}
NEWTON = {"problem": ["problem=a"], "optimizer": ["optimizer=newton"], "lr": ["lr=1"]}
GROUPS = {"problem", "optimizer"}


def jobs(asked, grids=(FIRST, NEWTON)):
    return list(union(grids, asked, GROUPS & set(asked)))


def test_without_overrides_all_grids_are_trained():
    assert len(jobs({})) == 8 + 1


def test_a_value_takes_the_place_of_the_axis_in_every_grid():
    assert {job[2] for job in jobs({"lr": ["lr=5"]})} == {"lr=5"}


def test_a_new_axis_is_added_to_every_grid():
    assert len(jobs({"seed": ["seed=0", "seed=1"]})) == 2 * 9


def test_a_choice_selects_among_the_grids():
    assert {job[1] for job in jobs({"optimizer": ["optimizer=newton"]})} == {"optimizer=newton"}
    assert len(jobs({"optimizer": ["optimizer=newton"]})) == 1
    assert len(jobs({"optimizer": ["optimizer=sgd", "optimizer=newton"]})) == 4 + 1


def test_a_choice_that_no_grid_has_replaces_the_axis():
    assert {job[0] for job in jobs({"problem": ["problem=c"]})} == {"problem=c"}


def test_a_choice_beside_known_ones_is_added_to_the_first_grid():
    chosen = jobs({"optimizer": ["optimizer=adam", "optimizer=mine", "optimizer=newton"]})
    assert [job for job in chosen if "optimizer=mine" in job] == [
        (problem, "optimizer=mine", lr) for problem in FIRST["problem"] for lr in FIRST["lr"]
    ]
    assert len(chosen) == 8 + 1


def test_one_grid_alone_is_the_product_of_its_axes():
    assert len(jobs({"lr": ["lr=1", "lr=2", "lr=3"]}, [{}])) == 3
