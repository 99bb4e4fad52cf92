"""Pima Indians Diabetes: the small table of every introduction to logistic regression."""

import numpy as np

from optlab.core.errors import UserError
from optlab.datasets.dataset import RawData, dataset
from optlab.datasets.download import RemoteFile, content
from optlab.datasets.files import read_bytes
from optlab.datasets.tables.delimited import read_delimited

COLUMNS = (
    "Pregnancies",
    "Glucose",
    "BloodPressure",
    "SkinThickness",
    "Insulin",
    "BMI",
    "DiabetesPedigreeFunction",
    "Age",
)
ZERO_IS_MISSING = ("Glucose", "BloodPressure", "SkinThickness", "Insulin", "BMI")

_JBROWNLEE = "https://raw.githubusercontent.com/jbrownlee/Datasets/master"
FILE = RemoteFile(
    path="pima-indians-diabetes.csv",
    size=23_278,
    sha256="6bfe5d0f379d17a0e0819b996407e3c09bf80febd4287f2ed212190dfff154af",
    urls=(f"{_JBROWNLEE}/pima-indians-diabetes.csv", f"{_JBROWNLEE}/pima-indians-diabetes.data.csv"),
)


@dataset(origin="downloaded", rows=768, features=8, classes=2, files=(FILE,))
def pima(*, path: str | None = None, impute_zeros: bool = False) -> RawData:
    """768 women, 8 measurements, 268 cases of diabetes (Smith et al. 1988).

    Args:
        path: a copy of the file, with or without a header; None: look for it, else download it.
        impute_zeros: a zero in Glucose, BloodPressure, SkinThickness, Insulin or BMI means that nothing
            was measured. False keeps these zeros, as all published figures do; True replaces them by the
            median of the column's other values in the training part.
    """
    source = path or FILE.path
    table = read_delimited(read_bytes(path) if path else content(FILE), source, numbers=True)
    if not isinstance(table.columns, np.ndarray) or len(table.columns) != len(COLUMNS) + 1:
        raise UserError(
            f"{source}: not the Pima table of {len(COLUMNS) + 1} columns of numbers; "
            "use dataset=csv for other files"
        )
    values = table.columns.T
    x, y = np.ascontiguousarray(values[:, :-1]), values[:, -1].astype(np.int64)
    if impute_zeros:
        doubtful = np.isin(COLUMNS, ZERO_IS_MISSING)
        x[(x == 0) & doubtful] = np.nan
    if not impute_zeros:
        return RawData(x, y, COLUMNS, ("0", "1"))
    return RawData(x, y, COLUMNS, ("0", "1"), impute="median", zero_is_missing=ZERO_IS_MISSING)
