"""Models: what the parameters of a run mean. `REGISTRY.get("mlp")(n_features, n_classes, ...)` builds one."""

from optlab.models.model import REGISTRY, Model, Samples, Sums

__all__ = ["REGISTRY", "Model", "Samples", "Sums"]
