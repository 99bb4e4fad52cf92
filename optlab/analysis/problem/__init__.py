"""What was run: which runs may be compared, on which seeds, and what each counts as."""
