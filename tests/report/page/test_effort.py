import pandas as pd

from optlab.report.page.effort import Effort, efforts, sentences


def effort(counts, work=(), decades=None, diverged=None, timed_out=()):
    counts = pd.Series(counts, dtype=float)
    return Effort(
        "steps",
        counts,
        pd.Series(work, dtype=float),
        pd.Series(decades or {}, dtype=float),
        pd.Series(diverged or {}, dtype=float),
        list(timed_out),
    )


def test_equal_amounts_are_told_once():
    assert sentences(effort({"a": 12, "b": 12})) == " Steps: 12 each."
    assert sentences(effort({"a": 12, "b": 3, "c": 12})) == " Steps: b 3, a and c 12."


def test_of_many_the_three_least_and_the_most_are_told():
    many = {name: float(place + 1) for place, name in enumerate("abcdefghij")}
    assert sentences(effort(many)) == " Steps: a 1, b 2, c 3, the most j 10."


def test_work_is_told_where_it_is_not_the_number_of_steps():
    assert "Work" not in sentences(effort({"a": 5, "b": 9}, {"a": 5, "b": 9}))
    assert "Work in gradient-equivalents: b 9, a 32.6." in sentences(
        effort({"a": 5, "b": 9}, {"a": 32.6, "b": 9})
    )


def test_robustness_is_the_width_of_good_rates_and_the_share_of_diverged_runs():
    text = sentences(effort({"a": 5, "b": 9}, decades={"a": 0.5, "b": 2.0}, diverged={"a": 0.25, "b": 0.0}))
    assert "Good learning rates span 2 decades with b and 0.5 decades with a." in text
    assert "Diverged runs, at any setting: a 25 %." in text


def test_a_grid_with_one_good_rate_is_not_said_to_span_0_decades():
    text = sentences(effort({"a": 5, "b": 9}, decades={"a": 0.0, "b": 0.0}))
    assert text.endswith(" At most one rate of each grid is good.")


def test_a_width_of_one_decade_is_singular_and_one_of_none_is_a_rate():
    text = sentences(effort({"a": 5, "b": 9}, decades={"a": 1.0, "b": 0.0}))
    assert text.endswith(
        " Good learning rates span 1 decade with a; with b at most one rate of the grid is good."
    )


def test_of_many_that_diverged_the_worst_are_named_and_the_others_counted():
    text = sentences(effort({"a": 5}, diverged=dict(zip("abcde", (0.1, 0.5, 0.4, 0.3, 0.0), strict=True))))
    assert text.endswith(" Diverged runs, at any setting: b 50 %, c 40 %, d 30 %, 1 other.")


def test_the_fewest_steps_are_those_of_one_alone_that_no_clock_ended():
    assert effort({"a": 5, "b": 9}).fewest == "a"
    assert effort({"a": 5, "b": 5}).fewest == ""
    assert effort({"a": 5, "b": 9}, timed_out=["c"]).fewest == ""


def test_efforts_are_those_of_the_chosen_runs(known):
    found = efforts(known)["breast_cancer · logistic"]
    assert found.counts.to_dict() == {"sgd": 100.0, "adam": 100.0}
    assert (found.decades >= 0).all()


def test_runs_that_end_above_their_start_are_told_by_optimizer():
    worse = pd.Series({"a": 0.5, "b": 0.0})
    assert sentences(effort({"a": 5}, {})._replace(worse=worse)).endswith(
        " Runs that end above their start, at any setting: a 50 %."
    )
