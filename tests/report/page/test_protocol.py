from dataclasses import replace

from optlab.analysis.study import study
from optlab.report.page.protocol import criterion, protocol, provenance


def texts(facts):
    return " ".join(f"{fact.term}: {fact.text}" for fact in facts)


def test_data_budget_grid_and_seeds_are_told(sweep):
    told = texts(protocol(study(replace(sweep(), provenance={"command": "optlab -m experiment=demo"}))))
    assert "Command: optlab -m experiment=demo" in told
    assert "mini-batches of 128, at most 100 epochs, split 20 % validation and 20 % test" in told
    assert "9 from 0.001 to 10" in told
    assert "5 seeds (0, 1, 2, 3, 4)" in told


def test_one_seed_is_said_to_tell_nothing_about_the_spread(sweep):
    assert "With one seed" in texts(protocol(study(sweep(seeds=1))))


def test_seconds_of_stacked_runs_are_not_compared_and_it_says_why(sweep):
    assert "trained together as stacks" in texts(protocol(study(sweep(rates=[0.1]))))
    assert "trained alone" in texts(protocol(study(sweep(rates=[0.1], stack_size=1))))


def test_a_rate_that_is_missing_is_told(sweep):
    results = sweep(optimizers=["adam"], rates=[0.1])
    results = replace(results, runs=results.runs.assign(lr=float("nan")))
    assert "no learning rate" in texts(protocol(study(results)))


def test_provenance_is_flattened_and_may_be_absent():
    record = {"versions": {"numpy": "2.0"}, "git": None, "earlier": [{"command": "optlab"}], "cores": 1}
    assert texts(provenance(record)) == "versions.numpy: 2.0 git: none earlier: command: optlab cores: 1"
    assert provenance(None) == []


def test_every_command_that_made_the_folder_is_told(sweep):
    record = {"command": "third", "earlier": [{"command": "first"}, {"command": "second", "earlier": []}]}
    facts = protocol(study(replace(sweep(), provenance=record)))
    assert [(fact.term, fact.text) for fact in facts[:3]] == [
        ("Command 1", "first"), ("Command 2", "second"), ("Command 3", "third"),
    ]  # fmt: skip


def test_costs_are_said_to_be_compared_by_their_gap_where_it_is_known(sweep):
    own = study(sweep(["sgd", "adam"], seeds=2))
    runs = own.runs.assign(optimum=float("nan"))
    unknown = replace(own, runs=runs, metric="final_train_cost")
    assert criterion(unknown) == "lowest median final training cost J"
    known = replace(unknown, runs=runs.assign(optimum=0.1))
    assert criterion(known).endswith("training cost J (of the gap J − J* where J* is known)")
    assert criterion(replace(known, metric="final_test_accuracy")) == "highest median final test accuracy"
