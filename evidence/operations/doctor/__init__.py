"""`evidence doctor`: what would hinder the next night, told while it can still be mended."""
