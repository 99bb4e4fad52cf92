"""Tables and texts for LaTeX."""

from optlab.report.page.table import Table

TEX = str.maketrans({
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: rf"\{sign}" for sign in "&%$#_{}"},
    "·": r"$\cdot$", "–": "--", "−": "$-$", "∞": r"$\infty$", "↑": r"$\uparrow$", "↓": r"$\downarrow$",
    "×": r"$\times$", "<": r"\textless{}", ">": r"\textgreater{}", "…": r"\dots{}",
    **dict(zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", [f"$^{{{sign}}}$" for sign in "-0123456789"], strict=True)),
})  # fmt: skip


def tabular(table: Table) -> str:
    """`table` for ``\\input`` in a paper that loads booktabs."""
    lines = [
        f"% {table.title}".replace("\n", " "),
        rf"\begin{{tabular}}{{{'l' * len(table.head)}}}",
        r"\toprule",
        " & ".join(escaped(name) for name in table.head) + r" \\",
        r"\midrule",
        *(" & ".join(escaped(cell.line) for cell in row) + r" \\" for row in table.rows),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """`text` with everything that LaTeX would take for a command."""
    return text.translate(TEX)
