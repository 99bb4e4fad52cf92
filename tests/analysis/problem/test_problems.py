import pytest

from optlab.analysis.problem.problems import configuration, with_problems


def test_optimizer_its_options_and_the_seed_are_not_the_problem(table):
    runs = with_problems(table(("sgd", 0.1, 0, 1.0), ("adam", 0.2, 1, 1.0)))
    assert list(runs["problem"].unique()) == ["pima · logistic"]


@pytest.mark.parametrize(
    ("section", "option", "value", "label"),
    [
        ("model", "l2", 0.5, "pima · logistic · l2=0.5"),
        ("training", "epochs", 99, "pima · logistic · epochs=99"),
        ("dataset", "max_rows", 5, "pima · logistic · max_rows=5"),
        ("schedule", "name", "cosine", "pima · logistic · schedule=cosine"),
    ],
)
def test_what_differs_between_problems_stands_in_their_labels(table, changed, section, option, value, label):
    runs = changed(table(("sgd", 0.1, 0, 1.0), ("sgd", 0.1, 1, 1.0)), [1], section, option, value)
    assert with_problems(runs)["problem"][1] == label
    assert with_problems(runs)["problem"][0] != label


def test_how_often_was_recorded_is_not_the_problem(table, changed):
    runs = changed(table(("sgd", 0.1, 0, 1.0), ("sgd", 0.1, 1, 1.0)), [1], "training", "record_every", 7)
    assert with_problems(runs)["problem"].nunique() == 1


def test_the_layers_of_a_network_stand_in_the_label(table, changed):
    runs = changed(table(("sgd", 0.1, 0, 1.0)), [0], "model", "hidden", [16, 8])
    assert with_problems(runs)["problem"][0] == "pima · logistic 16-8"


def test_splits_that_every_optimizer_has_seen_are_repetitions(table, changed):
    rows = [(name, 0.1, 0, 1.0) for name in ("sgd", "adam") for _ in range(2)]
    runs = with_problems(changed(table(*rows), [1, 3], "dataset", "split_seed", 1))
    assert runs["problem"].nunique() == 1
    assert runs["repetition"].nunique() == 2


def test_splits_that_only_one_optimizer_has_seen_are_problems_of_their_own(table, changed):
    rows = [(name, 0.1, 0, 1.0) for name in ("sgd", "adam")]
    runs = with_problems(changed(table(*rows), [1], "dataset", "split_seed", 1))
    assert set(runs["problem"]) == {"pima · logistic · split_seed=0", "pima · logistic · split_seed=1"}


def test_a_setting_names_the_learning_rate_and_the_options_that_vary(table, changed):
    runs = changed(table(("sgd", 0.1, 0, 1.0), ("sgd", 0.1, 0, 1.0)), [0, 1], "optimizer", "beta1", 0.9)
    runs = changed(runs, [0], "optimizer", "momentum", 0.5)
    runs = changed(runs, [1], "optimizer", "momentum", 0.8)
    assert list(with_problems(runs)["setting"]) == ["lr=0.1, momentum=0.5", "lr=0.1, momentum=0.8"]


@pytest.mark.parametrize("text", ["", "{broken", "[1]", "null", None, float("nan"), "[" * 100_000])
def test_a_damaged_configuration_is_empty(text):
    assert configuration(text) == {}


def test_the_columns_serve_where_the_configuration_is_missing(table):
    runs = with_problems(table(("sgd", 0.1, 0, 1.0), ("sgd", 0.1, 1, 1.0), config="", batch_size=[32, 64]))
    assert list(runs["problem"]) == ["pima · logistic", "pima · logistic"]
    assert list(runs["setting"]) == ["lr=0.1, batch_size=32", "lr=0.1, batch_size=64"]
    assert list(runs["batch"]) == ["32", "64"]


def test_batches_are_not_the_problem_but_the_setting(table, changed):
    rows = [("lbfgs", None, 0, 1.0), ("saga", 0.1, 0, 1.0), ("sgd", 0.1, 0, 1.0), ("sgd", 0.1, 0, 1.0)]
    runs = changed(table(*rows), [1, 2], "training", "batch_size", 64)
    runs = changed(runs, [0, 1], "training", "sampling", "independent")
    found = with_problems(runs)
    assert found["problem"].nunique() == 1
    assert list(found["batch"]) == ["full", "64 independent", "64", "full"]
    assert list(found["setting"][1:]) == ["lr=0.1", "lr=0.1, batch_size=64", "lr=0.1, batch_size=null"]


def test_how_the_full_batch_is_drawn_makes_no_setting(table, changed):
    runs = changed(
        table(("sgd", 0.1, 0, 1.0), ("sgd", 0.1, 1, 1.0)), [1], "training", "sampling", "independent"
    )
    assert with_problems(runs)["setting"].nunique() == 1


def test_a_run_that_two_folders_hold_counts_once(table):
    assert len(with_problems(table(("sgd", 0.1, 0, 1.0), ("sgd", 0.1, 0, 1.0), run_id="same"))) == 1


def test_a_file_of_the_users_is_called_by_its_name(table, changed):
    runs = changed(table(("sgd", 0.1, 0, 1.0), ("sgd", 0.1, 1, 1.0)), [0], "dataset", "path", "/home/a/x.csv")
    runs = changed(changed(runs, [0], "dataset", "target", "y"), [1], "dataset", "path", "/home/a/z.csv")
    assert list(with_problems(runs)["problem"]) == ["x.csv · logistic", "z.csv · logistic"]
