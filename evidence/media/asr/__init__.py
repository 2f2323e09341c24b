"""Speech recognition by faster-whisper, in a confined process of its own, with a model that the user brings.

Of these modules ``engine``, ``pieces`` and ``worker`` run in that process, the others in its parent.
"""
