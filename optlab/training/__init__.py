"""How a stack of runs is trained."""
