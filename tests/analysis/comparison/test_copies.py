import pandas as pd

from optlab.analysis.comparison.copies import copies

PATHS = {"a": [9.0, 4.0, 2.0, 1.0], "b": [9.0, 4.0, 2.0, 1.0 + 1e-12], "c": [9.0, 5.0, 2.0, 1.0]}


def tables(paths, seeds=2):
    names = [(name, seed) for name in paths for seed in range(seeds)]
    chosen = pd.DataFrame(names, columns=["optimizer", "repetition"])
    chosen = chosen.assign(run_id=chosen["optimizer"] + chosen["repetition"].astype(str), problem="p")
    points = [pd.DataFrame({"run_id": f"{name}{seed}", "train_cost": paths[name]}) for name, seed in names]
    return chosen, pd.concat(points)


def test_paths_that_agree_to_rounding_are_one():
    assert copies(*tables(PATHS)).to_dict("records") == [{"problem": "p", "optimizers": ("a", "b")}]


def test_one_seed_apart_is_apart():
    chosen, points = tables(PATHS)
    points.loc[(points["run_id"] == "b1") & (points["train_cost"] == 4), "train_cost"] = 4.1
    assert copies(chosen, points).empty


def test_short_paths_and_such_that_go_nowhere_say_nothing():
    assert copies(*tables({name: own[-2:] for name, own in PATHS.items()})).empty
    assert copies(*tables({"a": [9.0] * 4, "b": [9.0] * 4})).empty
