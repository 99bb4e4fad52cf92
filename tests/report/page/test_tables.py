import pandas as pd

from optlab.analysis.comparison.summary import summary
from optlab.report.page import tables


def test_columns_without_a_value_are_left_out(sweep):
    results = sweep(optimizers=["adam"], rates=[0.1], validation=False)
    head = tables.shown(summary(results.runs, results.trajectories))[0].head
    assert "test cost" in head
    assert "validation cost" not in head
    assert "seconds" not in head  # these runs were trained as stacks


def test_tex_escapes_what_latex_would_take_for_a_command():
    assert tables.tex(r"a_b & 5 % of $x^2$ {#1} \~ 10⁻⁷") == (
        r"a\_b \& 5 \% of \$x\textasciicircum{}2\$ \{\#1\} \textbackslash{}\textasciitilde{} 10$^{-}$$^{7}$"
    )


def test_tex_is_a_booktabs_table_with_a_row_per_optimizer(sweep, tmp_path):
    results = sweep(rates=[0.1])
    tables.save_tex(tables.shown(summary(results.runs, results.trajectories))[0], tmp_path / "t.tex")
    lines = (tmp_path / "t.tex").read_text("utf-8").splitlines()
    body = lines[lines.index(r"\midrule") + 1 : lines.index(r"\bottomrule")]
    assert len(body) == 7
    assert {line.count(" & ") for line in body} == {lines[3].count(" & ")}


def test_csv_keeps_every_digit(tmp_path):
    tables.save(pd.DataFrame({"x": [1 / 3]}), tmp_path, "t")
    assert float((tmp_path / "t.csv").read_text("utf-8").split()[1]) == 1 / 3


def test_batches_have_a_column_where_they_differ(mixed, sweep):
    [table] = tables.shown(summary(mixed.runs, mixed.trajectories))
    assert {row[table.head.index("batch")].text for row in table.rows} == {"full", "64"}
    results = sweep(seeds=1)
    assert all(
        "batch" not in table.head for table in tables.shown(summary(results.runs, results.trajectories))
    )
