"""What a configuration means: its schema, its data and model, its identity."""
