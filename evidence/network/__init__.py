"""The only package that speaks to other machines."""
