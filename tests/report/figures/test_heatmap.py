def test_one_hyperparameter_makes_no_map(sweep, draw):
    assert "two numbers" in draw("heatmap", sweep(optimizers=["adam"], seeds=1)).texts[0].get_text()
