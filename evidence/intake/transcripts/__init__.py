"""Transcripts that other programs wrote: subtitles and the JSON of Whisper, whisper.cpp and vosk.

``reading.read`` is the way in; bytes go in, a transcript comes out, and nothing of the file system is
touched. What a transcript says is nobody's word: it only serves to find places that a person may want to
hear.
"""
