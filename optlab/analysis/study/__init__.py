"""What was run: problems, seeds and outcomes."""
