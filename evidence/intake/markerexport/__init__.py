r"""Markers written as files of other programs: what evidence.intake.markerfiles reads back.

``writing.write`` is the way in; markers of markers.json go in, bytes come out. In every form but our own,
control characters and those that turn the direction of text are written as ``\u{…}``: what a caller said, or
a name, must not act on the program that opens the file.
"""
