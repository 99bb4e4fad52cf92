"""From tables to findings: pure functions, DataFrame in, DataFrame out.

Everything starts from the `runs` and `trajectories` of a result folder. `problems` says which runs may be
compared, `tuning` which learning rate an optimizer is judged by, `summary` what it reached, `curves` how it
got there and `rates` how much the learning rate matters.
"""
