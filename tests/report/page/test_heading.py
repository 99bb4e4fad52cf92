from optlab.analysis.study import study
from optlab.report.page.heading import subtitle, title


def test_the_heading_counts_what_was_compared(sweep):
    judged = study(sweep(["sgd", "adam"], [0.1, 1.0], 3))
    assert title(judged) == "2 optimizers on breast_cancer and digits"
    assert subtitle(judged) == "2 problems · 2 learning rates · 3 seeds · 24 runs"


def test_a_single_optimizer_is_named_and_many_data_sets_are_counted(sweep):
    judged = study(sweep(["adam"], [0.1], 1, problems=[f"data{n}" for n in range(4)]))
    assert title(judged) == "adam on 4 data sets"
