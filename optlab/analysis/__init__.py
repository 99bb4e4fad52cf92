"""From tables to findings: pure functions, DataFrame in, DataFrame out.

Everything starts from the `runs` and `trajectories` of a result folder. `problems` says which runs may be
compared, `tuning` which learning rate an optimizer is judged by, `summary` what it reached, `curves` how it
got there, `costs` and `targets` what it spent and `rates` how much the learning rate matters. `comparisons`
and `friedman` say which differences are real, `certificates` how far the minimum is, `theory` what was to be
expected.
"""
