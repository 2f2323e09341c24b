"""The full-screen view of `evidence mark review`; whatever is done in it, plain commands do, too."""
