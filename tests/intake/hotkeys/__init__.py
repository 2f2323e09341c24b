"""Hot-key events: their lines, and the calls they belong to."""
