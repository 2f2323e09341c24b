"""The lexicon of insults, measured on annotated sentences."""
