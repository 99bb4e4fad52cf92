import numpy as np

from optlab.analysis.study import study
from optlab.analysis.trained.predictions import (
    Answers,
    Extent,
    answers,
    confusion,
    extent,
    first_layer,
    margins,
    noise,
    on_grid,
    worst,
)
from optlab.analysis.trained.rebuilt import unscaled

P = np.array([[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.1, 0.1, 0.8], [0.05, 0.9, 0.05]])
FOUND = Answers("test", np.array([0, 1, 0, 2]), P)


def test_the_confusion_matrix_has_a_row_per_true_class():
    assert confusion(FOUND).tolist() == [[1, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_the_worst_mistake_gave_its_true_class_least():
    assert worst(FOUND, 2).tolist() == [3, 2]
    assert worst(Answers("test", np.array([0, 0, 2, 1]), P), 5).tolist() == []


def test_a_margin_is_positive_for_the_predicted_class_alone():
    found = margins(P)
    np.testing.assert_allclose(found[0], [0.5, -0.5, -0.6], atol=1e-12)
    assert ((found > 0).sum(1) == 1).all()


def test_the_grid_runs_from_left_to_right_and_from_bottom_to_top(circles):
    run = study(circles).models()[0]
    corners = np.array([[-1.0, -2.0], [3.0, -2.0], [-1.0, 4.0], [3.0, 4.0]])
    expected = run.model.probabilities(run.final, corners)[0]
    found = on_grid(run, run.final, Extent(-1.0, 3.0, -2.0, 4.0), 5)[0]
    np.testing.assert_allclose(found[[0, 0, -1, -1], [0, -1, 0, -1]], expected, atol=1e-5)  # float32


def test_the_extent_leaves_a_margin_around_all_points():
    assert extent(np.array([[0.0, 1.0], [10.0, 3.0]]), 0.1) == Extent(-1.0, 11.0, 0.8, 3.2)


def test_first_layer_weights_make_the_first_scores(digits):
    run = study(digits).models()[0]
    assert first_layer(run).shape == (12, 64)
    scores = run.model._forward(run.model._layout.layers(run.final), run.dataset.test.x)[0][0][0]
    biases = run.final[0, 64 * 12 : 65 * 12]
    np.testing.assert_allclose(first_layer(run) @ run.dataset.test.x.T + biases[:, None], scores, atol=1e-10)


def test_noise_is_the_same_picture_standardised_or_not(digits):
    run = study(digits).models()[0]
    raw, x = unscaled(run), run.dataset.train.x
    seen, pixels = noise(run.dataset, 5), noise(raw, 5)
    mean, std = raw.train.x.mean(0), raw.train.x.std(0)
    np.testing.assert_allclose(
        seen, np.where(std > 0, (pixels - mean) / np.where(std > 0, std, 1), 0), atol=1e-9
    )
    assert (seen >= x.min(0)).all() and (seen <= x.max(0)).all()


def test_a_diverged_model_answers_without_a_warning(circles):
    run = study(circles).models()[0]
    broken = type(run)(**{**run.__dict__, "parameters": np.full_like(run.parameters, np.nan)})
    assert not broken.finite and np.isnan(answers(broken).probabilities).all()
