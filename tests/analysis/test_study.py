import pandas as pd
import pytest

import optlab
from optlab.analysis.study import study
from optlab.core.errors import UserError
from optlab.store.read import Results


@pytest.fixture
def results(table):
    """Two optimizers, two rates, four seeds; a single recorded point of each run."""
    rows = [(name, lr, seed, lr + seed) for name in ("sgd", "adam") for lr in (0.1, 1.0) for seed in range(4)]
    runs = table(*rows)
    counts = dict.fromkeys(("value_evals", "gradient_evals", "hvp_evals", "hessian_evals"), 1.0)
    points = pd.DataFrame({"run_id": runs["run_id"], "step": 0, "train_cost": 1.0, **counts})
    return Results(runs, points, None, ("results/demo",))


def test_a_table_is_computed_once(results):
    judged = study(results)
    assert judged.chosen is judged.chosen
    assert judged.times("step") is judged.times("step")


def test_the_tables_of_the_folders_stay_as_they_are(results):
    runs, points = results.runs.copy(), results.trajectories.copy()
    judged = study(results)
    for name in ("summary", "points", "tuned", "trials", "sensitivity", "surfaces", "ranks", "scores"):
        getattr(judged, name)
    pd.testing.assert_frame_equal(results.runs, runs)
    pd.testing.assert_frame_equal(results.trajectories, points)


def test_it_knows_what_was_asked_and_what_the_folders_lack(results):
    judged = study(results, tuning_seeds=[2, 0, 2], optimum={"pima": 0.01})
    assert judged.options == {"tuning_seeds": [0, 2], "optimum": {"pima": 0.01}}
    assert set(judged.chosen["seed"]) == {1, 3}
    assert judged.runs["optimum"].unique().tolist() == [0.01]
    assert "best_validation_cost" in judged.missing["runs"]


def test_a_wrong_metric_or_problem_is_one_line(results):
    with pytest.raises(UserError, match="metric=cost: there is no such metric; choose from final_train_cost"):
        study(results, "cost")
    with pytest.raises(UserError, match=r"optimum=digits=0.1: 0 problems are called so; the problems are"):
        study(results, optimum={"digits": 0.1})


def test_where_the_seed_draws_the_split_the_distance_to_the_minimum_ranks(trained, tmp_path):
    for split in (0, 1):
        data = {"name": "circles", "n_samples": 60, "test_fraction": 0.2, "split_seed": split}
        trained(tmp_path / str(split), data, {"name": "logistic", "l2": 0.1}, seeds=[0])
    results = optlab.load(tmp_path)
    assert study(results).metric == "final_gap"
    assert study(results, "final_train_cost").metric == "final_train_cost"
