import pandas as pd

from optlab.analysis.study import study
from optlab.report.page import files
from optlab.report.page.sections import sections


def test_csv_holds_every_digit_and_each_table_of_the_page_has_a_tex(sweep, tmp_path):
    judged = study(sweep(["sgd", "adam"], [0.1, 1.0], 2))
    files.empty_folder(tmp_path / "report")
    files.write_tables(judged, sections(judged), tmp_path)
    stored = pd.read_csv(tmp_path / "summary.csv")
    assert stored["final_train_cost"].tolist() == judged.summary["final_train_cost"].tolist()
    tables = {path.stem for path in (tmp_path / "report" / "tables").glob("*.tex")}
    assert tables == {f"{s.name}-{n}" for s in sections(judged) for n in range(1, len(s.tables) + 1)}


def test_what_an_earlier_report_left_is_taken_away_and_files_of_others_stay(tmp_path):
    files.empty_folder(tmp_path)
    for name in ("figures/old.svg", "tables/results-9.tex", "tables/mine.txt"):
        (tmp_path / name).write_text("old")
    files.empty_folder(tmp_path)
    assert [path.name for path in tmp_path.rglob("*.*")] == ["mine.txt"]
