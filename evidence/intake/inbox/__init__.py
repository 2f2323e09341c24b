"""What lies in an inbox, and how it becomes incidents.

``scanning.scan`` tells what is ready, what is still coming, what can't be sealed and what a person must look
at; ``reading.read`` makes one item an incident folder, in whatever process or host seals it;
``identity.uid_of`` gives that its uid once its recordings are hashed. Nothing is written here but the
incident.uid of incident folders.
"""
