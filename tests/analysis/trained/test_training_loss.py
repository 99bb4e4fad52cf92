import json

import numpy as np
import pytest
from sklearn.metrics import log_loss

from optlab.analysis.study import study
from optlab.analysis.trained.rebuilt import rebuild
from optlab.analysis.trained.training_loss import training_loss


@pytest.fixture(scope="module")
def penalised(trained, tmp_path_factory):
    """Networks with an L2 penalty, the final parameters recorded."""
    folder = tmp_path_factory.mktemp("penalised")
    data, model = {"name": "circles", "n_samples": 60}, {"name": "mlp", "hidden": [3], "l2": 0.3}
    return trained(folder, data, model, record_parameters="final")


def test_it_is_the_loss_of_the_recorded_parameters_without_their_penalty(penalised):
    runs = study(penalised).runs
    found = training_loss(penalised, runs)
    for place, (_, run) in enumerate(runs.iterrows()):
        model = rebuild(penalised, run)
        train = model.dataset.train
        p = model.model.probabilities(model.final, train.x)[0]
        assert found.iloc[place] == pytest.approx(log_loss(train.y, p), rel=1e-9)
        assert found.iloc[place] < run["final_train_cost"]


def test_without_a_penalty_it_is_the_training_cost(circles):
    runs = study(circles).runs
    np.testing.assert_array_equal(training_loss(circles, runs), runs["final_train_cost"])


@pytest.mark.parametrize(
    ("section", "option", "value"),
    [("training", "record_parameters", "none"), ("model", "class_weight", "balanced")],
)
def test_it_is_not_known_without_parameters_nor_with_class_weights(penalised, section, option, value):
    configs = [json.loads(text) for text in penalised.runs["config"]]
    for config in configs:
        config[section][option] = value
    runs = study(penalised).runs.assign(config=[json.dumps(config) for config in configs])
    assert training_loss(penalised, runs).isna().all()
