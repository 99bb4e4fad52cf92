"""Optimizers: one file per method. `REGISTRY.get("adam")` is the factory of its rule."""

from optlab.optimizers.rule import REGISTRY, Rule, asks, families, optimizer

__all__ = ["REGISTRY", "Rule", "asks", "families", "optimizer"]
