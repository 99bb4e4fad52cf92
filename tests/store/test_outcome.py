import math

import pyarrow.parquet as pq

from optlab.store import outcome, write


def test_a_diverged_run_is_worth_the_worst(tmp_path, labels, history):
    write.prepare(tmp_path)
    write.stack(tmp_path, "stack", labels, history)
    values = outcome.objectives(tmp_path, {"final_train_cost", "final_train_accuracy"})
    assert values["final_train_cost"] == {"run0": 9.0, "run1": 4.0, "run2": math.inf}
    assert values["final_train_accuracy"]["run2"] == 0.0


def test_a_metric_that_a_folder_was_written_without_is_not_available(folder):
    part = folder / "runs" / "stack.parquet"
    pq.write_table(pq.read_table(part).drop_columns("final_test_accuracy"), part)
    values = outcome.objectives(folder, {"final_test_accuracy"})["final_test_accuracy"]
    assert math.isnan(values["run0"]) and values["run2"] == 0.0
