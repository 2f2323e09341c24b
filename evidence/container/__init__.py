"""The archive as a file: ASiC-E in a ZIP whose every byte is accounted for (FORMAT.md, "Container").

Bytes only: no paths, no syncing, no signatures. Nothing here judges what a member says.
"""
