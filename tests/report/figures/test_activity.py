"""Saturation and sparsity of hidden layers, where they were recorded."""

from optlab.report.figures.activity import activities

CIRCLES = {"name": "circles", "n_samples": 60}


def test_every_recorded_layer_has_its_pictures(trained, tmp_path):
    network = {"name": "mlp", "hidden": [3, 2]}
    results = trained(tmp_path, CIRCLES, network, optimizers=("sgd",), record_activations=True)
    pictures = activities(results.runs, results.trajectories, "final_train_cost")
    assert [picture.name for picture in pictures] == [
        f"activity-{kind}_{layer}" for kind in ("saturation", "sparsity") for layer in (1, 2)
    ]
    (axes,) = pictures[3].draw().axes
    assert axes.get_ylabel() == "share of silent units in hidden layer 2"
    assert axes.get_ylim() == (-0.02, 1.02)


def test_without_records_there_are_none(circles):
    assert activities(circles.runs, circles.trajectories, "final_train_cost") == []
