"""Verification: numbered steps over bytes, findings out, one verdict (FORMAT.md, "Verification")."""
