def momentum(table, changed, *rows):
    """Runs from (lr, momentum, cost)."""
    runs = table(*[("momentum", lr, 0, cost) for lr, _, cost in rows])
    for row, (_, value, _) in enumerate(rows):
        runs = changed(runs, [row], "optimizer", "momentum", value)
    return runs


GRID = ((0.1, 0.0, 0.4), (1.0, 0.0, 0.3), (0.1, 0.9, 0.2), (1.0, 0.9, None))


def test_every_pair_of_values_has_its_median_and_the_best_is_marked(table, changed, judge):
    found = judge(momentum(table, changed, *GRID)).surfaces
    assert found[["first", "second"]].drop_duplicates().to_numpy().tolist() == [["lr", "momentum"]]
    assert found[["x", "y", "median"]].to_numpy().tolist() == [
        [0.1, 0.0, 0.4], [0.1, 0.9, 0.2], [1.0, 0.0, 0.3], [1.0, 0.9, float("inf")],
    ]  # fmt: skip
    assert found["best"].tolist() == [False, True, False, False]
    assert found["diverged"].tolist() == [0, 0, 0, 1]


def test_one_swept_number_makes_no_surface(table, judge):
    assert judge(table(("sgd", 0.1, 0, 0.4), ("sgd", 1.0, 0, 0.3))).surfaces.empty


def test_of_three_swept_numbers_each_pair_is_at_the_best_of_the_third(table, changed, judge):
    runs = momentum(table, changed, *GRID[:3], (0.1, 0.0, 0.1), (0.1, 0.5, 0.3))
    runs = changed(runs, [0, 1, 2, 4], "optimizer", "weight_decay", 0.0)
    runs = changed(runs, [3], "optimizer", "weight_decay", 0.01)
    found = judge(runs).surfaces.set_index(["x", "y"])
    assert set(found["second"]) == {"momentum"}
    assert found.loc[(0.1, 0.0), "median"] == 0.1
