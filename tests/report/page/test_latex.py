from optlab.analysis.study import study
from optlab.report.page import latex
from optlab.report.page import results as section


def test_tex_escapes_what_latex_would_take_for_a_command():
    assert latex.escaped(r"a_b & 5 % of $x^2$ {#1} \~ 10⁻⁷") == (
        r"a\_b \& 5 \% of \$x\textasciicircum{}2\$ \{\#1\} \textbackslash{}\textasciitilde{} 10$^{-}$$^{7}$"
    )


def test_tex_is_a_booktabs_table_with_a_row_per_optimizer(sweep):
    results = sweep(rates=[0.1])
    judged = study(results)
    first = section.tables(judged.summary, judged.metric)[0]
    lines = latex.tabular(first).splitlines()
    body = lines[lines.index(r"\midrule") + 1 : lines.index(r"\bottomrule")]
    assert len(body) == 7
    assert {line.count(" & ") for line in body} == {lines[3].count(" & ")}
