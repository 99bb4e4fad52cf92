"""Sweeps: from configurations to runs, from runs to stacks, from stacks to tables."""
