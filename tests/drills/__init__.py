"""Drills: the program killed, starved and cut off as in life; what is left is judged by code of its own."""
