"""Hydra's side of a sweep: from the command line to the configurations of its jobs."""
