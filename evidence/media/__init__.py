"""Recordings: what they are and how long they last, read in a separate process that holds no key."""
