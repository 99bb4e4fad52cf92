from optlab.analysis.study import study
from optlab.report.page import results as section


def results_of(results):
    judged = study(results)
    return section.tables(judged.summary, judged.metric)


def test_columns_without_a_value_are_left_out(sweep):
    results = sweep(optimizers=["adam"], rates=[0.1], validation=False)
    head = results_of(results)[0].head
    assert "test cost" in head
    assert "validation cost" not in head
    assert "seconds" not in head  # these runs were trained as stacks


def test_batches_have_a_column_where_they_differ(mixed, sweep):
    [table] = results_of(mixed)
    assert {row[table.head.index("batch")].text for row in table.rows} == {"full", "64"}
    results = sweep(seeds=1)
    assert all("batch" not in table.head for table in results_of(results))
