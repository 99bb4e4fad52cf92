"""Hydra: sweeper, launcher, composition and search path."""
