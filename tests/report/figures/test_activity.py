"""Saturation and sparsity of hidden layers, where they were recorded."""

CIRCLES = {"name": "circles", "n_samples": 60}


def test_every_recorded_layer_has_its_figures(trained, drawings, draw, tmp_path):
    network = {"name": "mlp", "hidden": [3, 2]}
    results = trained(tmp_path, CIRCLES, network, optimizers=("sgd",), record_activations=True)
    assert list(drawings("activity", results)) == [
        f"activity-{kind}_{layer}" for kind in ("saturation", "sparsity") for layer in (1, 2)
    ]
    (axes,) = draw("activity", results, column="sparsity_2").axes
    assert axes.get_ylabel().replace("\n", " ") == "share of silent units in hidden layer 2"
    assert axes.get_ylim() == (-0.02, 1.02)


def test_without_records_there_are_none(circles, drawings, draw):
    assert drawings("activity", circles) == {}
    assert "training.record_activations=true" in draw("activity", circles).texts[0].get_text()
