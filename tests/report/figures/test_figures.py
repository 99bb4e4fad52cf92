"""The figures as records: found by their files, complete, and the same wherever they are asked for."""

from pathlib import Path

import pytest

from optlab.analysis.study import study
from optlab.report import figures as folder
from optlab.report.figures import figures
from optlab.report.page.sections import sections


def test_every_file_of_the_folder_holds_a_figure_of_its_name():
    files = {path.stem for path in Path(folder.__file__).parent.glob("*.py")} - {"__init__"}
    assert files == set(figures())


@pytest.mark.parametrize("record", figures().values(), ids=lambda record: record.name)
def test_a_record_has_a_known_section_a_docstring_and_defaults(record, sweep):
    assert record.section in {section.name for section in sections(study(sweep(["adam"], [0.1], 1)))}
    assert record.draw.__name__ == record.name and record.draw.__doc__
    assert all(parameter.default is not parameter.empty for parameter in record.parameters)


def test_places_in_a_section_differ():
    places = [(record.section, record.order) for record in figures().values()]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("seeds", [1, 3, 7])
def test_captions_are_short(sweep, known, circles, digits, compared, networks, seeds):
    from optlab.analysis.study import study

    nine = sweep(seeds=seeds, problems=[f"data{n}" for n in range(9)])
    for judged in (
        study(nine),
        study(sweep(), "final_gap"),
        known,
        study(circles),
        study(digits),
        compared(networks),
    ):
        for record in figures().values():
            for drawing in record.drawings(judged):
                caption = drawing.caption(judged)
                assert len(caption.split()) <= 40, caption
                assert caption[0].isupper() and caption.endswith("."), caption


def test_the_same_study_gives_the_same_bytes(sweep, tmp_path, draw):
    from optlab.report.drawing import store

    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        store.save(draw("sensitivity", sweep(["sgd", "adam"], seeds=2)), tmp_path / name, "f")
    for ending in ("svg", "png", "pdf"):
        one, two = (tmp_path / name / f"f.{ending}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
