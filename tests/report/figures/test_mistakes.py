from optlab.analysis.study import study
from optlab.report.figures import mistakes


def test_images_and_labels_are_as_many(digits):
    row = mistakes.row(study(digits).models()[0])
    assert 0 < len(row.images) == len(row.labels) <= mistakes.MAX_IMAGES
    assert "images wrong" in row.remark
