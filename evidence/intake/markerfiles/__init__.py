"""Marker files that people bring: our own JSON, CSV tables, Audacity labels and WebVTT, read into drafts.

A draft is what the file says and nothing more: who asserts it, and of which recording, may still have to be
told. ``reading.read`` is the way in; bytes go in, drafts come out, and nothing of the file system is touched.
"""
