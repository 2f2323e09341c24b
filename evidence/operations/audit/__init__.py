"""`evidence audit`: what stands in a vault, compared with its register; what soon will be a problem."""
