"""Words and phrases that a person may want to mark in a transcript: the lexicon and what finds them.

The lexicon is data: tables in ``data/`` that a linguist reads and edits in a spreadsheet, and more of the
same in a vault. A table says which word forms and which phrases, in which surroundings, belong to which
class; FORMAT.md, "Lexicon", explains how that is written. What is found is a suggestion, never a marker.

``lexicon.load`` is the way in; it gives a ``Lexicon``, whose ``find`` takes the words of a cue.
"""
