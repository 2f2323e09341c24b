"""Frozen dataclasses for the documents of the format; pure, no input or output."""
