import pandas as pd
import pytest

from optlab.analysis.problem.complete import complete
from optlab.core.errors import UserError
from optlab.store.read import Results


@pytest.fixture
def results(table):
    points = pd.DataFrame({"run_id": ["0"], "step": [0], "train_cost": [1.0]})
    return lambda runs: Results(runs, points, None, ("results/old",))


def test_a_column_that_is_missing_comes_without_values_and_is_named(table, results):
    made, missing = complete(results(table(("sgd", 0.1, 0, 1.0))))
    assert "best_validation_cost" in missing["runs"] and "lr" not in missing["runs"]
    assert made.runs["best_validation_cost"].isna().all() and made.runs["lr"].tolist() == [0.1]
    assert "grad_norm" in missing["trajectories"] and made.trajectories["grad_norm"].isna().all()


def test_the_tables_of_the_caller_stay_as_they_are(table, results):
    runs = table(("sgd", 0.1, 0, 1.0))
    before = list(runs)
    complete(results(runs))
    assert list(runs) == before


def test_without_a_needed_column_or_without_runs_it_is_one_line(table, results):
    runs = table(("sgd", 0.1, 0, 1.0))
    with pytest.raises(UserError, match=r"results/old: the table of runs has no column status"):
        complete(results(runs.drop(columns="status")))
    with pytest.raises(UserError, match=r"results/old: has no runs in it"):
        complete(results(runs.iloc[:0]))
