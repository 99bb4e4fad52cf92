import pandas as pd

from optlab.analysis.study import study
from optlab.report.page import results as section
from optlab.report.page import table


def test_tex_escapes_what_latex_would_take_for_a_command():
    assert table.tex(r"a_b & 5 % of $x^2$ {#1} \~ 10⁻⁷") == (
        r"a\_b \& 5 \% of \$x\textasciicircum{}2\$ \{\#1\} \textbackslash{}\textasciitilde{} 10$^{-}$$^{7}$"
    )


def test_tex_is_a_booktabs_table_with_a_row_per_optimizer(sweep, tmp_path):
    results = sweep(rates=[0.1])
    judged = study(results)
    first = section.tables(judged.summary, judged.metric)[0]
    table.save_tex(first, tmp_path / "t.tex")
    lines = (tmp_path / "t.tex").read_text("utf-8").splitlines()
    body = lines[lines.index(r"\midrule") + 1 : lines.index(r"\bottomrule")]
    assert len(body) == 7
    assert {line.count(" & ") for line in body} == {lines[3].count(" & ")}


def test_csv_keeps_every_digit(tmp_path):
    table.save(pd.DataFrame({"x": [1 / 3]}), tmp_path, "t")
    assert float((tmp_path / "t.csv").read_text("utf-8").split()[1]) == 1 / 3
