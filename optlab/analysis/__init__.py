"""From the tables of a result folder to what they say: pure functions, tables in, a table out.

    results -> problem -> optimum -> choice -> comparison
                                         theory, trained

`study.study` goes this way once, and a `study.Study` holds every table on it. `problem` completes the tables
and says which runs may be compared, and which seeds tune or evaluate. `optimum` adds the certified minimum
of each cost. `choice` picks the setting that an optimizer is judged by; the runs that evaluate it are the
`chosen` ones, from which come curves, ranks and the representative run. `comparison` says what every
optimizer reached, which differences are real, and what a target costs. `theory` tells what was to be
expected, `trained` rebuilds the models, and `statistics` holds the intervals and tests of them all.

A function names every table that it needs and changes none: only a study remembers.
"""
