"""From a command to its verdict: three methods on splits of their own, stopped by a coarse tolerance."""

import pytest

import optlab
from optlab.analysis.flags import flags
from optlab.analysis.study import study
from optlab.runs import build
from optlab.store import write
from optlab.sweeps import plan, train
from tests.composed import composed

COMMAND = (
    "-m", "problem=breast_cancer_logistic", "optimizer=sgd,newton,adam", "optimizer.lr=0.001,0.01,1",
    "seed=range(6)", "dataset.split_seed=${seed}", "training.tolerance=1e-4",
)  # fmt: skip


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """The study of the command."""
    folder = tmp_path_factory.mktemp("command")
    write.prepare(folder)
    for stack in plan.stacks(plan.runs((config, ()) for config in composed(*COMMAND)), plan.Limits()):
        history = train.train_once(stack.runs, build.data(stack.runs[0].config))
        train.store_stack(stack, folder, history)
    return study(optlab.load(folder))


def test_the_first_leads_alone_and_no_rank_is_skipped(judged):
    """Gaps are about 8e-10, 1e-4 and 6e-4 on three seeds: the third is as surely behind as the second."""
    found = judged.standings
    assert judged.metric == "final_gap" and found["common_seeds"].unique().tolist() == [3]
    assert found["optimizer"].tolist() == ["newton", "adam", "sgd"]
    assert found["rank"].tolist() == [1, 2, 3] and found["tied"].tolist() == [True, False, False]
    assert found["verdict"].tolist() == ["", "worse", "worse"]


def test_what_three_seeds_cannot_show_is_not_claimed(judged):
    pair = judged.comparisons.set_index(["first", "second"]).loc["adam", "sgd"]
    assert pair["verdict"] == "not shown to differ" and 4 < pair["contrast"] < 7


def test_the_tolerance_and_the_ends_of_the_grid_are_red_flags(judged):
    found = {(flag.kind, flag.optimizers) for flag in flags(judged)}
    assert found == {
        ("edge", ("newton",)), ("edge", ("adam",)), ("edge", ("sgd",)),
        ("stopped", ("adam",)), ("stopped", ("sgd",)),
    }  # fmt: skip
