"""`evidence doctor --pbx`: what in a PBX's configuration costs proof of a call, or of the notice."""
