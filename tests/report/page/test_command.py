from optlab.analysis.study import study
from optlab.report.page.command import command


def test_without_options_it_names_the_folders_alone(sweep):
    assert command(study(sweep(["adam"], [0.1], 1)), "notebook") == "optlab-report results/demo"


def test_every_option_that_was_given_comes_again_quoted_for_a_shell(sweep):
    results = sweep(["adam"], [0.1], 4, problems=["digits"])
    judged = study(results, "final_test_cost", [1, 0], optimum={"digits · logistic": 0.1, "": 0.1})
    assert command(judged, "paper") == (
        "optlab-report results/demo --metric=final_test_cost '--optimum=digits · logistic=0.1' --optimum=0.1 "
        "--tuning-seeds=0,1 --style=paper"
    )
