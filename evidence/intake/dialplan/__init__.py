"""What the configuration of a PBX says about recording and about the recording notice.

Asterisk's text files (and FreePBX's, which are such), and the XML of FreeSWITCH as far as it is simple. Only
read: nothing is executed, no entity is resolved, and what can't be told from the text stays untold.
"""
