import json

import pytest

from optlab.analysis.problem.outcomes import configured_metric


@pytest.mark.parametrize(
    ("named", "metric"),
    [
        (["final_test_accuracy", "final_test_accuracy"], "final_test_accuracy"),
        (["final_test_accuracy", "final_test_cost"], "final_train_cost"),
        (["nonsense", "nonsense"], "final_train_cost"),
        ([None, None], "final_train_cost"),
    ],
)
def test_the_metric_is_the_configured_one_if_all_runs_agree(table, named, metric):
    config = [json.dumps({"objective_metric": name}) for name in named]
    assert configured_metric(table(("a", 1.0, 0, 1.0), ("b", 1.0, 0, 1.0), config=config)) == metric
