"""The nightly batch."""
