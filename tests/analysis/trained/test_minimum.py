import numpy as np

from optlab.analysis.study import study
from optlab.analysis.trained.minimum import minimum


def test_the_place_of_a_certified_minimum_has_no_gradient(trained, tmp_path):
    model = {"name": "logistic", "fit_intercept": False, "l2": 0.1}
    results = trained(
        tmp_path, {"name": "moons", "n_samples": 60}, model, seeds=[0], record_parameters="all", max_steps=30
    )
    runs = study(results).models()
    [w] = minimum(runs)
    train = runs[0].dataset.train
    slopes = 1 / (1 + np.exp(-train.x @ w)) - train.y
    np.testing.assert_allclose(train.x.T @ slopes / len(train.y) + 0.1 * w, 0, atol=1e-6)


def test_the_cost_of_a_network_has_no_certified_minimum(circles):
    assert minimum(study(circles).models()) is None
