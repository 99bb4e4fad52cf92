import json

import numpy as np
import pandas as pd

from optlab.analysis.choice.rules import DEFAULT, SHARED, TUNED, by_rule, means


def tables(values):
    """Runs, best, and settings, of {problem: {optimizer: {lr: value}}}; ∞ stands for a diverged run."""
    rows = [
        (problem, optimizer, f"lr={lr}", value, float(np.isinf(value)),
         json.dumps({"optimizer": {"name": optimizer, "lr": lr}}))
        for problem, own in values.items()
        for optimizer, settings in own.items()
        for lr, value in settings.items()
    ]  # fmt: skip
    columns = ["problem", "optimizer", "setting", "ranking_value", "diverged", "config"]
    table = pd.DataFrame(rows, columns=columns).sort_values(["diverged", "ranking_value"], kind="stable")
    return table, table.drop_duplicates(["problem", "optimizer"]), table, table


SGD = {"p": {0.01: 4.0, 0.1: 1.0, 1.0: np.inf}, "q": {0.01: 2.0, 0.1: 3.0, 1.0: 1.0},
       "r": {0.01: 3.0, 0.1: 2.0, 1.0: 1.0}}  # fmt: skip
ADAM = {name: {0.1: 1.5} for name in SGD}
VALUES = {name: {"sgd": SGD[name], "adam": ADAM[name]} for name in SGD}


def settings(table, rule):
    own = table[(table["rule"] == rule) & (table["optimizer"] == "sgd")].set_index("problem")
    return own["setting"].to_dict(), own["place"].to_dict(), own["factor"].to_dict()


def test_one_setting_is_chosen_on_the_other_problems_alone():
    chosen, places, factors = settings(by_rule(*tables(VALUES), True), SHARED)
    assert chosen == {"p": "lr=1.0", "q": "lr=0.1", "r": "lr=0.01"}
    assert places == {"p": 2, "q": 2, "r": 2}
    assert factors == {"p": np.inf, "q": 3.0, "r": 3.0}


def test_defaults_are_those_of_the_method_and_tuned_is_the_best():
    table = by_rule(*tables(VALUES), True)
    assert settings(table, DEFAULT)[0] == dict.fromkeys(SGD, "lr=0.01")
    assert settings(table, DEFAULT)[2] == {"p": 4.0, "q": 2.0, "r": 3.0}
    chosen, places, factors = settings(table, TUNED)
    assert chosen == {"p": "lr=0.1", "q": "lr=1.0", "r": "lr=1.0"}
    assert set(places.values()) == set(factors.values()) == {1}
    assert not ((table["optimizer"] == "adam") & (table["rule"] == DEFAULT)).any()  # 0.001 is not in its grid


def test_means_are_over_all_problems_of_a_method_or_missing():
    found = means(by_rule(*tables(VALUES), True))
    assert found.loc[("sgd", DEFAULT), "factor"] == np.exp(np.log([4.0, 2.0, 3.0]).mean())
    assert found.loc[("sgd", SHARED), "place"] == 2
    partly = {**VALUES, "q": {"sgd": {0.1: 1.0, 1.0: 2.0}, "adam": ADAM["q"]}}
    assert ("sgd", DEFAULT) not in means(by_rule(*tables(partly), True)).index


def test_accuracies_have_no_factor_and_one_problem_no_shared_setting():
    table = by_rule(*tables({"p": VALUES["p"]}), False)
    assert table["factor"].isna().all()
    assert set(table["rule"]) == {DEFAULT, TUNED}
