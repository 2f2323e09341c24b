"""The register as bytes: entries, their Merkle tree, checkpoints, proofs and the export; pure.

Nothing here reads a clock, a key or a store: signing is passed in, stored nodes are asked for through a
callable. Parsers raise ValueError with a short English reason.
"""
