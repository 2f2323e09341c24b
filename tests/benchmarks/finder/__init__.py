"""The finder of the notice, measured."""
