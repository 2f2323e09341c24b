"""The JSON Schemas, their examples and FORMAT.md; read through evidence.resources."""
