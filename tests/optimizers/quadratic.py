"""A quadratic objective, for methods that are checked by hand."""

import numpy as np


class Quadratic:
    """J(w) = w.A w / 2 of every run, in place of an Objective; A is diagonal."""

    def __init__(self, *diagonal: float) -> None:
        self.a = np.array(diagonal)

    def rows(self, index: np.ndarray) -> "Quadratic":
        return self

    def value(self, w: np.ndarray) -> np.ndarray:
        return (self.a * w**2).sum(1) / 2

    def gradient(self, w: np.ndarray) -> np.ndarray:
        return self.a * w

    def value_and_gradient(self, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.value(w), self.gradient(w)


def steps(rule, objective, w, n: int) -> list[list[float]]:
    """The points that `rule` visits from w in n steps."""
    w = np.array([w], float)
    state, path = rule.init(w, objective), []
    for _ in range(n):
        w, state = rule.update(w, state, objective)
        path.append(w[0].tolist())
    return path
