"""The incident folder: read as a hostile stranger's, turned into exhibits and records; never changed.

The one file that is ever written into it is ``incident.uid`` (evidence.intake.uid).
"""
