from dataclasses import replace

from optlab.analysis.study import study
from optlab.report.page.circumstances import circumstances


def test_batches_are_told_by_optimizer_where_they_differ(mixed):
    config = mixed.runs["config"].str.replace("64,", '64, "sampling": "independent",')
    independent = study(replace(mixed, runs=mixed.runs.assign(config=config))).runs
    assert circumstances(study(mixed).runs).startswith(
        "full batch (newton), mini-batches of 64 (sgd), at most"
    )
    assert "mini-batches of 64 drawn independently (sgd)" in circumstances(independent)
    fixed = study(replace(mixed, runs=mixed.runs.assign(config=config.str.replace("independent", "fixed"))))
    assert "mini-batches of 64 in the order of the data (sgd)" in circumstances(fixed.runs)
