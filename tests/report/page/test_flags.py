from optlab.analysis.flags import KINDS, Flag
from optlab.report.page.flags import TEXTS, sentences
from optlab.report.page.page import build

NUMBERS = {
    "idle seeds": {"seeds": 5},
    "unlike problems": {"options": "l2=0.1", "meet": "no"},
    "copies": {},
    "same seeds": {"seeds": 3},
    "unequal grids": {"most": 12, "least": 3, "whose": "b"},
    "unequal seeds": {"least": 1, "most": 5, "common": 5},
    "ties": {"pairs": 3, "seeds": 5, "p": 0.125},
    "recording": {"spacing": 40.0, "comparable": "no"},
    "edge": {"option": "lr", "value": 0.1, "edge": "lowest"},
    "diverged": {"tuning": 1, "evaluation": 2},
    "worse": {"runs": 3},
    "overfitted": {"setting": "lr=1", "cost": 0.14, "chosen_cost": 0.74},
    "passed over": {"setting": "lr=1", "diverged": 0.25},
    "timed out": {"runs": 1, "of": 5},
    "stalled": {"runs": 2, "of": 5},
    "stopped": {"runs": 5, "steps": 1200.0},
    "many gradients": {"gradients": 12.0, "batch": "64"},
    "uncounted passes": {"passes": 1800.0, "counted": 200.0},
    "hidden work": {"times": 10.0},
    "known minimum": {"runs": 1},
}
EXPECTED = {
    "idle seeds": "the seed changes nothing for a: same start, same batches, same split, so that 5 runs of a "
    "setting are one. To draw a split for every seed, set 'dataset.split_seed=${seed}'.",
    "unlike problems": "no problem brings these optimizers together: a with l2=0.1. They are not compared.",
    "copies": "a have the same costs to nine digits, at every record and on every seed; they may be one "
    "method.",
    "same seeds": "settings were chosen on the seeds that they are judged on, which flatters the larger "
    "grid. Four seeds can be divided.",
    "unequal grids": "a had 12 settings to choose from; b had 3.",
    "unequal seeds": "a has 1 evaluation seed, others 5; 5 are compared.",
    "ties": "differences repeat or vanish between 3 pairs among a: with 5 seeds, no test can give p below "
    "0.125. More seeds or a cost would decide.",
    "recording": "runs were recorded unlike, a every 40 epochs: costs to target cannot be compared.",
    "edge": "the chosen lr of a is the lowest tried; a better one may lie beyond.",
    "diverged": "a diverged at its chosen setting in 1 tuning run and 2 evaluation runs.",
    "worse": "at the best setting tried, the training cost ends above its start: a (3 runs).",
    "overfitted": "the chosen settings overfit: validation costs of a 0.740 instead of 0.140 at the setting "
    "that these choose. To take a model home, set objective_metric=final_validation_cost.",
    "passed over": "a has a better median at lr=1, where 25 % of its tuning runs diverged.",
    "timed out": "the clock ended 1 of 5 runs of a.",
    "stalled": "a stood still away from a minimum in 2 of 5 runs: no step was accepted, or none was long "
    "enough to change the cost. Features of one scale may help.",
    "stopped": "a stop rule ended a after 1,200 steps, behind the first: with more steps the gap may close.",
    "many gradients": "a takes 12 full gradients per epoch, with batches of 64: it looks at more data than "
    "its batches. Compare by work.",
    "uncounted passes": "a made 1,800 passes over the training data that no counter saw, beside 200 counted "
    "evaluations: its true cost is higher than shown.",
    "hidden work": "a takes 10 times the seconds of the others for the same counted work; it may compute "
    "what is not counted.",
    "known minimum": "the first step of a lands on J* in 1 run; unless the cost is quadratic, the minimum "
    "was known beforehand.",
}


def test_every_flag_is_a_sentence_with_its_numbers():
    found = {kind: sentences([Flag(kind, "p", ("a",), NUMBERS[kind])]) for kind in KINDS}
    assert found == {kind: [f"On p: {text}"] for kind, text in EXPECTED.items()}
    assert list(TEXTS) == list(KINDS)


def test_optimizers_and_problems_share_a_sentence():
    edges = [Flag("edge", problem, (name,), NUMBERS["edge"]) for problem in "pq" for name in "ab"]
    assert sentences(edges) == [
        "On p and q: the chosen lr of a and b is the lowest tried; a better one may lie beyond."
    ]
    many = [Flag("timed out", problem, ("a",), NUMBERS["timed out"]) for problem in "pqrs"]
    assert sentences(many) == ["On 4 problems: the clock ended 1 of 5 runs of a."]


def test_flags_stand_before_the_findings(sweep, tmp_path):
    page = build(sweep(optimizers=["adam"], rates=[0.1, 1.0], seeds=3, problems=["digits"]), tmp_path)
    for text in (page.read_text("utf-8"), (page.parent / "report.md").read_text("utf-8")):
        assert (
            text.index("Red flags")
            < text.index("settings were chosen on the seeds")
            < text.index("Only adam was")
        )
