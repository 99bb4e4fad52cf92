"""From a study to a report: figures, tables and one page that a reader can trust.

`page.build` writes the report. Each file of `figures` holds a figure, each section of `page` with text or
tables has a file too, and `words` says how numbers and columns are written. All of them take a `Study`.
"""
