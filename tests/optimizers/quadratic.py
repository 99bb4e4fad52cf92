"""A quadratic objective, for methods that are checked by hand."""

import numpy as np

from optlab.models.layers import Layer
from optlab.objective.oracle import clipped


class Quadratic:
    """J(w) = w.A w / 2 of every run, in place of an Oracle; A is diagonal."""

    def __init__(self, *diagonal: float, clip_norm: float | None = None) -> None:
        self.a = np.array(diagonal, float)
        self.clip_norm = clip_norm
        self.layers = self.matrices = (Layer("W1", 0, (len(diagonal), 1), True),)

    is_smooth = True
    vectors: tuple[Layer, ...] = ()

    def l1(self, w: np.ndarray) -> np.ndarray:
        return np.zeros_like(w)

    def rough_value(self, w: np.ndarray) -> np.ndarray:
        return np.zeros(len(w))

    def hessian_block(self, w: np.ndarray, positions: np.ndarray) -> np.ndarray:
        return self.a[positions][:, :, None] * np.eye(positions.shape[1])

    def prox(self, w: np.ndarray, step: object) -> np.ndarray:
        return w

    def select_runs(self, index: np.ndarray) -> "Quadratic":
        return self

    def value(self, w: np.ndarray) -> np.ndarray:
        return (self.a * w**2).sum(1) / 2

    def gradient(self, w: np.ndarray, clip: bool = True) -> np.ndarray:
        return self.clipped(self.a * w) if clip else self.a * w

    def clipped(self, step: np.ndarray) -> np.ndarray:
        return step if self.clip_norm is None else clipped(step, self.clip_norm)

    def hessian(self, w: np.ndarray) -> np.ndarray:
        return np.broadcast_to(np.diag(self.a), (len(w), len(self.a), len(self.a)))

    def hessian_vector(self, w: np.ndarray, v: np.ndarray) -> np.ndarray:
        return self.a * v

    def uniform(self, t: int, n: int = 1) -> np.ndarray:
        return np.random.default_rng(t).random((1, n))

    def hessian_operator(self, w: np.ndarray, gauss_newton: bool):
        return lambda runs, vectors: self.a * vectors

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
