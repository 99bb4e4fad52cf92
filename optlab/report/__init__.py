"""From tables to a report: figures, tables and one page that a reader can trust.

`page.build` writes the whole report. The functions `convergence.convergence`, `sensitivity.sensitivity` and
`final.final` take the tables of a result folder and return a matplotlib figure each.
"""
