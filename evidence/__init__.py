"""Signed, hash-chained evidence archives for support desks and call centres."""

__version__ = "0.1.0"
