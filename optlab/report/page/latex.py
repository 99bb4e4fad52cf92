"""Tables and texts for LaTeX."""

import re

from optlab.report.page.table import Table

TEX = str.maketrans({
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: rf"\{sign}" for sign in "&%$#_{}"},
    "·": r"$\cdot$", "–": "--", "−": "$-$", "∞": r"$\infty$", "↑": r"$\uparrow$", "↓": r"$\downarrow$",
    "×": r"$\times$", "≤": r"$\leq$", "<": r"\textless{}", ">": r"\textgreater{}", "…": r"\dots{}",
})  # fmt: skip
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
POWER = re.compile(r"(×?)(10)?([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")


def tabular(table: Table) -> str:
    """`table` for ``\\input`` in a paper that loads booktabs."""
    lines = [
        f"% {table.title}".replace("\n", " "),
        rf"\begin{{tabular}}{{{''.join('r' if numeric else 'l' for numeric in table.numeric)}}}",
        r"\toprule",
        " & ".join(escaped(name) for name in table.head) + r" \\",
        r"\midrule",
        *(" & ".join(escaped(cell.line) for cell in row) + r" \\" for row in table.rows),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """`text` with everything that LaTeX would take for a command, and powers as one formula each."""
    parts, end = [], 0
    for power in POWER.finditer(text):
        times, base, exponent = r"\times " * bool(power[1]), power[2] or "", power[3].translate(SUPERSCRIPTS)
        parts += [text[end : power.start()].translate(TEX), f"${times}{base}^{{{exponent}}}$"]
        end = power.end()
    return "".join([*parts, text[end:].translate(TEX)])
