from dataclasses import replace

import numpy as np

from optlab.analysis.study import study
from optlab.report.page import results as section
from optlab.report.page.findings import findings
from optlab.report.page.latex import tabular


def results_of(results):
    judged = study(results)
    return section.tables(judged.summary, judged.metric)


def test_columns_without_a_value_are_left_out(sweep):
    results = sweep(optimizers=["adam"], rates=[0.1], validation=False)
    head = results_of(results)[0].head
    assert "test cost" in head
    assert "validation cost" not in head
    assert "seconds" not in head  # these runs were trained as stacks


def test_batches_have_a_column_where_they_differ(mixed, sweep):
    [table] = results_of(mixed)
    assert {row[table.head.index("batch")].text for row in table.rows} == {"full", "64"}
    results = sweep(seeds=1)
    assert all("batch" not in table.head for table in results_of(results))


def test_the_level_of_the_intervals_is_told(sweep):
    judged = study(sweep(optimizers=["adam"], seeds=6, rates=[0.1], problems=["digits"]))
    assert section.levels(judged.summary) == (
        "Intervals of medians cover the true one in 96.9 % with 6 seeds.",
    )
    few = study(sweep(optimizers=["adam"], seeds=3, rates=[0.1], problems=["digits"]))
    assert section.levels(few.summary) == () and few.summary["level"].isna().all()


def test_what_is_not_ranked_has_no_rank_in_the_table(sweep):
    judged = study(sweep(optimizers=["adam"], seeds=2, rates=[0.1], problems=["digits"]))
    assert section.tables(judged.summary, judged.metric)[0].rows[0][0].text == "–"


def test_a_gap_at_the_rounding_of_j_is_a_bound_in_tables_and_latex(known):
    gaps = np.where(known.runs["optimizer"] == "adam", 1e-14, 1e-3)
    judged = replace(known, runs=known.runs.assign(final_gap=gaps), metric="final_gap")
    [table] = section.tables(judged.summary, judged.metric)
    first, second = (
        [row[place].line for place, name in enumerate(table.head) if name.startswith("gap")]
        for row in table.rows
    )
    assert first == ["≤ 1.0×10⁻¹⁴ (rounding)"] * 2
    assert second == ["0.001000"] * 2
    assert r"$\leq$ 1.0$\times 10^{-14}$ (rounding)" in tabular(table)


def test_a_gap_that_is_at_the_rounding_on_some_seeds_is_a_bound(known):
    """The median is at the rounding, or the mean holds a value that is."""
    gaps = np.where(known.runs["seed"] == 2, 1e-3, 1e-14)
    gaps[known.runs["optimizer"] == "sgd"] = [1e-14, 1e-3, 1e-2] * (len(gaps) // 6)
    judged = replace(known, runs=known.runs.assign(final_gap=gaps), metric="final_gap")
    [table] = section.tables(judged.summary, judged.metric)
    places = [place for place, name in enumerate(table.head) if name.startswith("gap")]
    first, second = ([row[place].line for place in places] for row in table.rows)
    assert first == ["≤ 4.7×10⁻¹¹", "≤ 1.0×10⁻¹⁴ (rounding) [≤ 1.0×10⁻¹⁴, 0.001000]"]
    assert second == ["≤ 4.7×10⁻⁷", "0.001000 [≤ 1.0×10⁻¹⁴, 0.01000]"]
    text = findings(judged)[0].text
    assert "≤ 4.7×10⁻¹¹ (geometric mean)" in text and "times as high" not in text
