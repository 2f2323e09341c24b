"""A PBX's records, read for one incident: Asterisk, FreePBX, FreeSWITCH, and others by a mapping.

``reading.read_logs`` reads the logs of an incident's folder: which lines concern it, what they say, and what
a person should know about them. ``playbacks`` finds the notice in them, ``recordings`` tells how a recording
was begun, ``filling`` proposes what nobody stated. Everything a log says is a claim of that log.
"""
