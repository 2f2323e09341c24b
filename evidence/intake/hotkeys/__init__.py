"""Hot keys: what an agent's softphone or CRM tells when a key was pressed during a call.

An event says when by the wall clock, and perhaps who, in which call and why. It becomes a marker only later,
when the recording is there. ``forms`` reads events from lines of text, ``tying`` finds the call they belong
to; bytes go in, plain values come out, and nothing of the file system is touched.
"""
