import pytest

from optlab.analysis.study import study
from optlab.report.page import latex
from optlab.report.page import results as section


def test_tex_escapes_what_latex_would_take_for_a_command():
    assert latex.escaped(r"a_b & 5 % of $x^2$ {#1} \~ 10⁻⁷") == (
        r"a\_b \& 5 \% of \$x\textasciicircum{}2\$ \{\#1\} \textbackslash{}\textasciitilde{} $10^{-7}$"
    )


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("3×10⁻¹⁶", r"3$\times 10^{-16}$"),
        ("10⁻¹⁶", "$10^{-16}$"),
        ("κ²", "κ$^{2}$"),
        ("2 × 3", r"2 $\times$ 3"),
    ],
)
def test_a_power_is_one_formula(text, formula):
    assert latex.escaped(text) == formula


def test_numbers_are_right_aligned_and_texts_left(sweep):
    judged = study(sweep(rates=[0.1]))
    table = section.tables(judged.summary, judged.metric)[0]
    columns = dict(zip(table.head, table.numeric, strict=True))
    assert not columns["optimizer"] and not columns["best setting"] and columns["training cost J"]
    spec = latex.tabular(table).splitlines()[1].split("{")[2].rstrip("}")
    assert spec == "".join("r" if numeric else "l" for numeric in table.numeric)


def test_tex_is_a_booktabs_table_with_a_row_per_optimizer(sweep):
    results = sweep(rates=[0.1])
    judged = study(results)
    first = section.tables(judged.summary, judged.metric)[0]
    lines = latex.tabular(first).splitlines()
    body = lines[lines.index(r"\midrule") + 1 : lines.index(r"\bottomrule")]
    assert len(body) == 7
    assert {line.count(" & ") for line in body} == {lines[3].count(" & ")}
