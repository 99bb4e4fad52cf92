from dataclasses import replace

from optlab.analysis.study import study
from optlab.report.page.learned import hints


def test_parameters_that_were_not_recorded_are_told_with_the_remedy(trained, tmp_path):
    plain = trained(tmp_path, {"name": "moons", "n_samples": 40}, {"name": "logistic"}, ["sgd"], seeds=[0])
    (line,) = hints(study(plain))
    assert "training.record_parameters=all" in line


def test_models_that_cannot_be_rebuilt_are_told(circles):
    assert hints(study(circles)) == []
    (line,) = hints(study(replace(circles, folders=())))
    assert line.startswith("circles · mlp 3: no figures of what was learned. run ")


def test_data_that_cannot_be_drawn_need_no_hint(sweep):
    results = sweep(optimizers=["sgd"], rates=[0.1], seeds=1, problems=("breast_cancer",))
    assert hints(study(results)) == []
