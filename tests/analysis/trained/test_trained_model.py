"""Models to take home: what they predict from raw rows is what was recorded of them in training."""

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import optlab
from optlab.core.errors import UserError
from optlab.datasets import REGISTRY, load

TABLE = pd.DataFrame(
    {
        "id": range(1, 41),
        "age": [20.0 + n % 17 for n in range(40)],
        "income": [f"{1000 + 37 * n % 800},5" for n in range(40)],
        "city": ["Oslo", "Rome", "Bern", "Rome"] * 10,
        "bought": ["no" if (n * 7) % 5 < 2 else "yes" for n in range(40)],
    }
)


@pytest.fixture(scope="module")
def bought(tmp_path_factory):
    """A run on a table with texts, decimal commas and missing cells, and the folder of both."""
    folder = tmp_path_factory.mktemp("bought")
    table = TABLE.assign(age=TABLE["age"].mask(TABLE["id"] % 9 == 0))
    table.to_csv(folder / "my.csv", sep=";", index=False)
    data = ["dataset=csv", f"dataset.path={folder}/my.csv", "dataset.target=bought", "dataset.missing=median"]
    steps = ["training.max_steps=30", "training.epochs=null", "training.record_parameters=final"]
    return optlab.sweep([*data, "optimizer=adam", "optimizer.lr=0.1", *steps], folder / "out"), table


def data_of(results):
    import json

    return json.loads(results.runs["config"].iloc[0])["dataset"]


def recorded_accuracy(results, part):
    return results.runs[f"final_{part}_accuracy"].iloc[0]


def test_raw_rows_of_the_test_part_score_as_was_recorded(digits):
    run = digits.runs.iloc[0]
    raw = load({**data_of(digits), "standardize": False})
    model, pixels = digits.model(run["run_id"]), raw.test.x
    assert model.score(pixels, raw.test.y) == pytest.approx(run["final_test_accuracy"], abs=1e-12)
    assert model.score(pixels.reshape(-1, 8, 8), raw.test.y) == model.score(pixels, raw.test.y)
    np.testing.assert_allclose(model.predict_proba(pixels).sum(axis=1), 1, rtol=1e-12)


def test_a_table_is_read_as_it_was_for_training(bought):
    results, table = bought
    model = results.model()
    shares = [recorded_accuracy(results, part) for part in ("train", "validation", "test")]
    expected = np.dot(shares, [24, 8, 8]) / 40
    assert model.score(table, table["bought"]) == pytest.approx(expected, abs=1e-12)
    assert set(model.predict(table)) <= {"no", "yes"}
    shuffled = table[["city", "bought", "income", "age"]]
    np.testing.assert_array_equal(model.predict_proba(shuffled), model.predict_proba(table))
    assert [*model.features(table)] == ["age", "income", "city=Bern", "city=Oslo", "city=Rome"]


def test_a_file_and_a_data_frame_give_the_same(bought, tmp_path):
    results, table = bought
    path = tmp_path / "new.csv"
    table.drop(columns="bought").to_csv(path, index=False)  # commas now: cells with commas are quoted
    model = results.model()
    np.testing.assert_array_equal(model.predict_proba(path), model.predict_proba(table))
    table.to_parquet(path.with_suffix(".parquet"))
    np.testing.assert_array_equal(
        model.predict_proba(path.with_suffix(".parquet")), model.predict_proba(table)
    )


def test_it_needs_neither_training_data_nor_the_original_folder(bought, tmp_path):
    results, table = bought
    folder = results.folders[0]
    shutil.copytree(folder, tmp_path / "moved")
    moved = optlab.load(tmp_path / "moved")
    path = folder.parent / "my.csv"
    path.rename(path.with_suffix(".gone"))
    try:
        found = moved.model(moved.runs["run_id"].iloc[0]).predict_proba(table)
    finally:
        path.with_suffix(".gone").rename(path)
    np.testing.assert_array_equal(found, results.model().predict_proba(table))


def test_where_parameters_were_not_recorded_the_run_is_trained_again(trained, tmp_path):
    data, model = {"name": "moons", "n_samples": 60}, {"name": "logistic"}
    results = trained(tmp_path / "a", data, model, seeds=[0])
    kept = trained(tmp_path / "b", data, model, seeds=[0], record_parameters="final")
    x = np.random.default_rng(0).normal(size=(5, 2))
    for run, other in zip(results.runs["run_id"], kept.runs["run_id"], strict=True):
        again, recorded = results.model(run), kept.model(other)
        np.testing.assert_allclose(again.predict_proba(x), recorded.predict_proba(x), rtol=1e-9)


def test_a_run_that_stopped_early_has_the_parameters_of_its_best_point(trained, tmp_path):
    data = {"name": "moons", "n_samples": 40}
    results = trained(tmp_path, data, {"name": "mlp", "hidden": [2]}, ["sgd"], lrs=[30.0], seeds=[0],
                      patience=3, max_steps=10, record_parameters="all")  # fmt: skip
    validation = load({**data_of(results), "standardize": False}).validation
    model = results.model(results.runs["run_id"].iloc[0])
    expected = results.runs["final_validation_accuracy"].iloc[0]
    assert model.score(validation.x, validation.y) == pytest.approx(expected)


def test_sparse_rows_are_predicted_from_a_file_and_from_a_matrix(trained, tmp_path):
    path = tmp_path / "my.libsvm"
    path.write_text("".join(f"{n % 2} 1:{n % 5 + 1} {2 + n % 3}:{n % 7 + 1}\n" for n in range(40)))
    data = {"name": "libsvm", "path": str(path), "test_fraction": 0, "validation_fraction": 0}
    results = trained(
        tmp_path / "out", data, {"name": "logistic"}, ["adam"], seeds=[0], record_parameters="final"
    )
    model, raw = results.model(), REGISTRY.get("libsvm")(path=str(path))
    assert model.score(path, raw.y) == pytest.approx(results.runs["final_train_accuracy"].iloc[0])
    np.testing.assert_array_equal(model.predict_proba(raw.x), model.predict_proba(path))
    np.testing.assert_array_equal(model.predict_proba(raw.x.toarray()), model.predict_proba(path))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.drop(columns="age"), "data frame: has no column age"),
        (
            lambda table: table.assign(city="Paris"),
            "row 1, column 'city': 'Paris' was not in the train",
        ),
        (lambda table: table.assign(income="1.5"), "'1.5' is no number as the training table writes them"),
        (
            lambda table: np.zeros((3, 4)),
            r"rows of shape \(3, 4\) .* takes numbers of shape \(n, 5\)",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused_in_one_line(bought, change, message):
    results, table = bought
    with pytest.raises(UserError, match=message) as error:
        results.model().predict(change(table))
    assert "\n" not in str(error.value)


def test_unknown_runs_classes_and_diverged_runs_are_refused(bought):
    results, table = bought
    with pytest.raises(UserError, match="run=xyz: there is no such run"):
        results.model("xyz")
    with pytest.raises(UserError, match="class maybe: the model knows no, yes"):
        results.model().score(table, ["maybe"] * len(table))
    lost = replace(results, runs=results.runs.assign(status="diverged"))
    with pytest.raises(UserError, match="every run of the best setting diverged"):
        lost.best()


def test_scores_of_the_parts_are_beside_the_recorded_accuracies(bought):
    results, table = bought
    run = results.best()
    found = results.scores(run["run_id"], (0.2, 0.5))
    assert found["part"].tolist() == ["training"] * 2 + ["validation"] * 2 + ["test"] * 2
    at_half = found[found["threshold"] == 0.5].set_index("part")["accuracy"]
    for part, column in (("training", "train"), ("validation", "validation"), ("test", "test")):
        assert at_half[part] == pytest.approx(run[f"final_{column}_accuracy"])
    whole = results.model().scores(table, table["bought"]).iloc[0]
    assert whole["accuracy"] == pytest.approx(results.model().score(table, table["bought"]))
    assert whole["baseline"] == pytest.approx((table["bought"] == "yes").mean())


def test_a_file_is_read_in_the_encoding_of_the_training_table(tmp_path):
    text = "a,ort,y\n" + "".join(f"{i},{'Köln' if i % 3 else 'Rom'},{i % 2}\n" for i in range(20))
    path = tmp_path / "orte.csv"
    path.write_bytes(text.encode("cp1252"))
    data = ["dataset=csv", f"dataset.path={path}", "dataset.target=y", "dataset.encoding=cp1252"]
    model = optlab.sweep([*data, "training.epochs=3"], tmp_path / "out").model()
    assert len(model.predict(path)) == 20
