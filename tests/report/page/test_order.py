from optlab.analysis.study import study
from optlab.report.page import comparisons, targets, tuning
from optlab.report.page.order import as_results


def test_all_tables_have_the_order_of_the_results(sweep):
    of = study(sweep(["sgd", "adam", "newton"], seeds=6, problems=("digits", "breast_cancer")))
    expected = list(of.summary[["problem", "optimizer"]].itertuples(index=False, name=None))
    shuffled = of.summary.sample(frac=1.0, random_state=0)
    ordered = as_results(shuffled, of)
    assert list(ordered[["problem", "optimizer"]].itertuples(index=False, name=None)) == expected
    for tables in (tuning.section(of).tables, targets.section(of).tables[:2]):
        own = [table for table in tables if " · " in table.title]  # the others are of all problems
        rows = [(table.title.split(",")[0], row[0].text) for table in own for row in table.rows]
        assert rows == expected
    titles = [table.title for table in comparisons.section(of).tables]
    assert titles == list(dict.fromkeys(problem for problem, _ in expected))
