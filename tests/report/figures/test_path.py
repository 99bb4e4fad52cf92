from dataclasses import replace

import numpy as np

from optlab.analysis.study import study
from optlab.report.figures import path


def test_a_run_that_diverged_at_once_has_no_path(circles):
    first, second = study(circles).models()
    broken = replace(second, parameters=np.full_like(second.parameters, np.nan))
    assert len(path.landscapes([first, broken])) == 1


def test_paths_share_a_plane_where_the_cost_is_convex(trained, tmp_path, drawings):
    data = {"name": "moons", "n_samples": 40}
    results = trained(tmp_path, data, {"name": "logistic"}, seeds=[0], record_parameters="all")
    (shared,) = path.landscapes(study(results).models())
    assert set(shared.paths) == {"sgd", "adam"}
    np.testing.assert_allclose(shared.paths["sgd"][0], shared.paths["adam"][0])  # both start at 0
    assert "plane of its own" not in drawings("path", results)["path"]


def test_paths_of_a_network_have_planes_of_their_own(circles, drawings):
    assert "Each path has a plane of its own." in drawings("path", circles)["path"]


def test_large_data_are_sampled_and_the_caption_says_so(circles, drawings, monkeypatch):
    from optlab.analysis.trained import plane

    assert "samples" not in drawings("path", circles)["path"]
    monkeypatch.setattr(plane, "sample_size", lambda run, size: 7)
    monkeypatch.setattr(path, "sample_size", plane.sample_size)
    assert "Costs are of 7 training samples." in drawings("path", circles)["path"]


def test_paths_of_two_parameters_share_their_plane_with_the_minima(trained, tmp_path, drawings):
    data = {"name": "shifts", "validation_fraction": 0.0, "test_fraction": 0.0, "standardize": False}
    results = trained(tmp_path, data, {"name": "branin"}, seeds=[0], record_parameters="all")
    (shared,) = path.landscapes(study(results).models())
    assert set(shared.paths) == {"sgd", "adam"} and len(shared.minima) == 3
    np.testing.assert_array_equal(shared.paths["adam"][0], [2.5, 7.5])
    assert shared.extent.left < 2.5 < np.pi < shared.extent.right
    assert shared.extent.bottom < 2.275 < 7.5 < shared.extent.top
    assert "a cross a minimum" in drawings("path", results)["path"]


def test_two_parameters_of_a_model_span_the_picture_and_the_minimum_is_certified(trained, tmp_path, drawings):
    data = {"name": "moons", "n_samples": 60}
    model = {"name": "logistic", "fit_intercept": False, "l2": 0.1}
    results = trained(tmp_path, data, model, lrs=(1.0,), seeds=[0], record_parameters="all", max_steps=30)
    (shared,) = path.landscapes(study(results).models())
    first, second = study(results).models()[0].dataset.features
    assert shared.axes == (f"weight of {first}", f"weight of {second}")
    assert shared.extent.left < shared.minima[0, 0] < shared.extent.right
    assert shared.costs.min() - study(results).runs["optimum"].iloc[0] < 0.01 * np.ptp(shared.costs)
    assert "the certified minimum" in drawings("path", results)["path"]
    axes = path.draw([shared]).axes[0]
    assert any(text.get_text()[:1].isdigit() for text in axes.texts)  # costs on the lines
