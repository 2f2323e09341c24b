"""`evidence notice find`."""
