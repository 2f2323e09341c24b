"""Marker files that people bring, read into drafts: our own JSON, CSV, Audacity labels, WebVTT, ELAN.

A draft is what the file says and nothing more: who asserts it, and of which recording, may still have to be
told. ``reading.read`` is the way in; bytes go in, drafts come out, and nothing of the file system is touched.
"""
