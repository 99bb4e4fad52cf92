def test_every_seed_is_a_contest_and_equal_costs_share_the_better_rank(table, judge):
    rows = [("a", 0, 0.1), ("b", 0, 0.1), ("c", 0, 0.2), ("a", 1, 0.3), ("b", 1, 0.2), ("c", 1, None)]
    found = judge(table(*[(name, 0.1, seed, cost) for name, seed, cost in rows])).ranks
    places = found.pivot(index="repetition", columns="optimizer", values="rank").sort_index()
    assert places.to_numpy().tolist() == [[1, 1, 3], [2, 1, 3]]


def test_seeds_that_not_all_have_seen_do_not_count(table, judge):
    found = judge(table(("a", 0.1, 0, 0.1), ("b", 0.1, 0, 0.2), ("a", 0.1, 1, 0.5))).ranks
    assert found["rank"].tolist() == [1, 2]


def test_an_optimizer_alone_on_a_problem_comes_first_nowhere(table, changed, judge):
    rows = [(name, 0.1, seed, cost) for name, cost in (("a", 1.0), ("b", 2.0)) for seed in (0, 1)]
    runs = changed(table(*rows, ("b", 0.1, 0, 1.0)), [4], "model", "l2", 1.0)
    found = judge(runs).ranks
    assert found["problem"].nunique() == 1 and found["rank"].tolist() == [1, 2, 1, 2]
