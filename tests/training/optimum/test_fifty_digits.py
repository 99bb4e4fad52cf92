"""Certificates against Newton's method in 50 digits, on problems that are hard in double precision."""

from decimal import Decimal, localcontext
from functools import partial

import numpy as np
import pandas as pd
import pytest

from optlab import datasets, models
from optlab.analysis.optimum import cache
from optlab.analysis.optimum.certificates import with_optimum
from optlab.analysis.problem.folders import with_folders
from optlab.analysis.problem.problems import with_problems
from optlab.datasets.dataset import Part
from optlab.objective.penalty import penalty
from optlab.training.optimum.minimum import minimum

DIGITS = 50


def exact_minimum(a, y, n_classes, l2, penalised):
    """The least cost of logistic (one score) or softmax regression of rows a, in 50 digits."""
    n, scores = len(y), 1 if n_classes == 2 else n_classes
    size = a.shape[1]
    a = [[Decimal(float(value)) for value in row] for row in a]
    l2, mask = Decimal(float(l2)), [Decimal(int(p)) for p in penalised]
    w = [[Decimal(0)] * size for _ in range(scores)]
    for _ in range(60):
        cost, g = Decimal(0), [[Decimal(0)] * size for _ in range(scores)]
        h = [[Decimal(0)] * (scores * size) for _ in range(scores * size)]
        for row, label in zip(a, y, strict=True):
            z = [sum(x * v for x, v in zip(row, own, strict=True)) for own in w]
            z = [Decimal(0), z[0]] if scores == 1 else z
            top = max(z)
            e = [(value - top).exp() for value in z]
            total = sum(e)
            p = [value / total for value in e]
            cost += total.ln() + top - z[label]
            kept = range(1, 2) if scores == 1 else range(scores)
            for j, own in enumerate(kept):
                slope = p[own] - (own == label)
                for c in range(size):
                    g[j][c] += slope * row[c]
                for k, other in enumerate(kept):
                    bend = p[own] * ((own == other) - p[other])
                    for c in range(size):
                        for d in range(size):
                            h[j * size + c][k * size + d] += bend * row[c] * row[d]
        cost = cost / n + l2 / 2 * sum(m * v * v for own in w for m, v in zip(mask, own, strict=True))
        gradient = [g[j][c] / n + l2 * mask[c] * w[j][c] for j in range(scores) for c in range(size)]
        for r, line in enumerate(h):
            h[r] = [value / n for value in line]
            h[r][r] += l2 * mask[r % size]
            h[r][r] += Decimal(10) ** -40  # along directions in which J is constant
        step = solve(h, gradient)
        w = [[w[j][c] - step[j * size + c] for c in range(size)] for j in range(scores)]
        if sum(s * v for s, v in zip(step, gradient, strict=True)) < Decimal(10) ** -45:
            return cost
    raise AssertionError("Newton's method has not converged")


def solve(h, b):
    """Gaussian elimination with pivots."""
    n = len(b)
    rows = [[*line, value] for line, value in zip(h, b, strict=True)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, n):
            factor = rows[r][i] / rows[i][i]
            rows[r] = [x - factor * y for x, y in zip(rows[r], rows[i], strict=True)]
    x = [Decimal(0)] * n
    for i in reversed(range(n)):
        x[i] = (rows[i][n] - sum(rows[i][j] * x[j] for j in range(i + 1, n))) / rows[i][i]
    return x


def problem(kind):
    """Inputs, labels and penalty."""
    rng = np.random.default_rng(7)
    x = rng.standard_normal((40, 3))
    y = (x[:, 0] + rng.standard_normal(40) > 0).astype(int)
    l2 = 0.0
    if kind == "collinear to 1e-4":
        x[:, 1] = x[:, 0] + 1e-4 * x[:, 1]
    elif kind == "collinear to 1e-6, tiny penalty":
        x[:, 1], l2 = x[:, 0] + 1e-6 * x[:, 1], 1e-8
    elif kind == "a copied column, penalised":
        x[:, 1], l2 = x[:, 0], 1e-3
    elif kind == "a column times 1e6":
        x[:, 0] *= 1e6
    elif kind == "a column times 1e-5, another 1e5":
        x *= [1e-5, 1e5, 1]
    elif kind == "far from the origin":
        x += 1e4
    elif kind == "nearly separable":
        y = (x[:, 0] > 0).astype(int)
        y[np.argsort(np.abs(x[:, 0]))[:3]] ^= 1
    elif kind == "separable, tiny penalty":
        y, l2 = (x[:, 0] > 0).astype(int), 1e-6
    elif kind == "one of forty":
        y = (np.arange(40) == 11).astype(int)
        l2 = 1e-3
    elif kind == "large penalty":
        l2 = 1e3
    elif kind == "three classes, collinear":
        y = np.arange(40) % 3
        x[:, 1] = x[:, 0] + 1e-4 * x[:, 1]
    elif kind == "three classes, units differ":
        y, l2 = np.arange(40) % 3, 1e-4
        x *= [1e3, 1e-3, 1]
    return x, y, l2


KINDS = [
    "collinear to 1e-4",
    "collinear to 1e-6, tiny penalty",
    "a copied column, penalised",
    "a column times 1e6",
    "a column times 1e-5, another 1e5",
    "far from the origin",
    "nearly separable",
    "separable, tiny penalty",
    "one of forty",
    "large penalty",
    "three classes, collinear",
    "three classes, units differ",
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_bound_is_never_below_the_true_gap(kind):
    x, y, l2 = problem(kind)
    n_classes = int(y.max()) + 1
    blobs = datasets.load({"name": "blobs"})
    data = type(blobs)(**{**vars(blobs), "train": Part(x, y)})
    model = models.REGISTRY.get("logistic" if n_classes == 2 else "softmax")(3, n_classes)
    found = minimum(model, data, penalty(l2=l2))
    rows = np.column_stack([x, np.ones(40)])
    with localcontext() as context:
        context.prec = DIGITS
        exact = exact_minimum(rows, y, n_classes, l2, [1, 1, 1, 0])
        gap = abs(Decimal(found.cost) - exact)
    assert gap <= Decimal(found.gap)
    assert found.gap <= 1e-12  # and is of use


PENALTIES = [0.0, 1e-8, 1e-4, 1.0]
ENDLESS = {"separable, tiny penalty"}  # without a penalty
BEYOND = ("collinear to 1e-6, tiny penalty", 0.0)  # a curvature of 6e-14 beside 0.2: no bound can be given
QUICK = ("a column times 1e-5, another 1e5", 1e-4)
CELLS = [(kind, l2) for kind in KINDS for l2 in PENALTIES]


@pytest.mark.parametrize(
    ("kind", "l2"), [pytest.param(*cell, marks=[pytest.mark.slow] * (cell != QUICK)) for cell in CELLS]
)
def test_the_minimum_is_the_true_one_whatever_runs_come_first_alone_or_stacked(
    kind, l2, trained, tmp_path, monkeypatch
):
    """And no run of Newton's method ends below it by more than the rounding that is stated."""
    x, y, _ = problem(kind)
    n_classes = int(y.max()) + 1
    path = tmp_path / "data.csv"
    pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "y": y}).to_csv(path, index=False)
    section = {"name": "csv", "path": str(path), "target": "y", "standardize": False}
    section |= {"validation_fraction": 0, "test_fraction": 0}
    model = {"name": "logistic" if n_classes == 2 else "softmax", "l2": l2}
    runs = {}
    for dtype in ("float32", "float64"):
        for size in (1, 50):
            folder = tmp_path / f"{dtype}{size}"
            results = trained(
                folder, section, model, ("newton",), (1.0,), range(size), dtype=dtype, max_steps=30
            )
            runs[dtype, size] = with_problems(with_folders(results.runs, [folder]))
    exact = None
    if not (l2 == 0 and kind in ENDLESS):
        rows = np.column_stack([x, np.ones(40)])
        with localcontext() as context:
            context.prec = DIGITS
            exact = exact_minimum(rows, y, n_classes, l2, [1, 1, 1, 0])
    for first, second in (("float32", "float64"), ("float64", "float32")):
        for size in (1, 50):
            monkeypatch.setattr(cache, "cache_folder", partial(tmp_path.joinpath, f"{first}{size}"))
            for dtype in (first, second):
                found = with_optimum(runs[dtype, size])
                if (kind, l2) == BEYOND:
                    assert found["optimum"].isna().all()
                    assert found["optimum_reason"].str.contains("stopped at a gradient norm of").all()
                    continue
                if exact is None:
                    assert found["optimum"].isna().all()
                    assert found["optimum_reason"].str.contains("separable").all()
                    continue
                gaps = [abs(Decimal(cost) - exact) for cost in found["optimum"].unique()]
                assert len(gaps) == 1 and gaps[0] <= Decimal(found["optimum_gap"].max()) <= Decimal("1e-12")
                below = exact - Decimal(found["final_train_cost"].min())
                assert below <= Decimal(found["least_gap"].min())
