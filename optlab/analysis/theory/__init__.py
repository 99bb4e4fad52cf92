"""What theory expects of a method, and what its steps cost."""
