"""Makes the model that comes with scribal, and measures it."""
