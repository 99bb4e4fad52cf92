from optlab.analysis.study import study
from optlab.report.page.page import build
from optlab.report.page.updates import section


def test_the_update_equations_of_the_methods_compared_stand_on_the_page(sweep, tmp_path):
    results = sweep(optimizers=["sgd", "adam", "mine"], rates=[0.1], seeds=1, problems=["digits"])
    titles = dict(section(study(results)).texts)
    assert set(titles) == {"sgd", "adam"}  # nothing is known of the third
    build(results, tmp_path)
    for page in ("index.html", "report.md"):
        text = (tmp_path / "report" / page).read_text("utf-8").replace("&lt;", "<")
        assert "m <- beta1 * m + (1 - beta1) * g" in text
