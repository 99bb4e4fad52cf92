import numpy as np
import pytest
from sklearn.decomposition import PCA

from optlab.analysis.study import study
from optlab.analysis.trained.plane import costs, plane, sample_size
from optlab.analysis.trained.predictions import Extent
from optlab.objective.objective import Objective
from optlab.objective.penalty import penalty_of


def test_directions_and_explained_variance_are_those_of_pca():
    path = np.random.default_rng(0).normal(size=(30, 7)) * [5, 3, 1, 1, 1, 1, 1]
    found, reference = plane([path]), PCA(2).fit(path)
    np.testing.assert_allclose(found.explained, reference.explained_variance_ratio_, rtol=1e-10)
    np.testing.assert_allclose(np.abs(found.coordinates(path)), np.abs(reference.transform(path)), atol=1e-10)


def test_paths_count_alike_however_long_they_are():
    generator = np.random.default_rng(1)
    short, long = generator.normal(size=(4, 3)), generator.normal(size=(4, 3))
    once, repeated = plane([short, long]), plane([short, np.repeat(long, 9, axis=0)])
    np.testing.assert_allclose(once.centre, repeated.centre, atol=1e-12)
    np.testing.assert_allclose(once.directions, repeated.directions, atol=1e-10)


def test_points_of_the_plane_have_the_coordinates_they_were_made_from():
    found = plane([np.random.default_rng(2).normal(size=(9, 5))])
    points = np.array([[0.0, 0.0], [1.0, -2.0]])
    np.testing.assert_allclose(found.coordinates(found.parameters(points)), points, atol=1e-12)


def test_costs_on_the_plane_are_those_of_its_parameters(circles):
    run = study(circles).models()[0]
    of = plane([run.parameters])
    grid = costs(run, of, Extent(-1.0, 1.0, 0.0, 2.0), 3)
    samples = run.model.prepare(run.dataset.train, run.parameters.dtype)
    objective = Objective(run.model, samples, penalty_of(run.config["model"]))
    assert sample_size(run, 3) == len(run.dataset.train.y)
    corner = objective.evaluate(of.parameters(np.array([[1.0, 0.0]]))).value[0]
    assert grid[0, 2] == pytest.approx(corner, rel=1e-12)
