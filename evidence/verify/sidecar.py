"""Steps 8 and 9 of FORMAT.md, "Verification", as far as the evidence stands in a sidecar.

A sidecar can only add: what in it doesn't authenticate is noted and ignored. One thing in it fails: a
checkpoint that the register's own key signed, and that contradicts another.
"""

from evidence.container import sidecar as container
from evidence.container.names import ENTRY, proof_name
from evidence.model.manifest import Manifest
from evidence.register import sidecar
from evidence.register.sidecar import Later
from evidence.verify.state import Head, SideToken, State

PREFIX = f"{container.SUFFIX}:"
"""Stands before the names of a sidecar's members, which an archive may have, too."""


def check(state: State) -> None:
    """Take over what holds: checkpoints for step 11, tokens for step 9."""
    if state.options.sidecar is None or state.manifest is None or state.entry is None:
        return
    if state.is_blamed(ENTRY):
        return
    for later in _read(state, state.options.sidecar, state.manifest):
        state.checks[8] += 1
        if later.checkpoint is not None and _contradicts(state, later):
            continue
        if later.problem or later.checkpoint is None:
            state.note("SIDECAR_PROOF_IGNORED", _name(later), reason=later.problem)
            continue
        state.side_heads[later.number] = Head(later.checkpoint, later.committed)
        state.side_tokens += [
            SideToken(f"{PREFIX}{name}", data, later.committed) for name, data in later.tokens
        ]


def _read(state: State, data: bytes, manifest: Manifest) -> list[Later]:
    try:
        parts = container.read(data)
        return sidecar.later(parts, state.entry_data, manifest.register_key, manifest.origin)
    except ValueError as error:
        state.note("SIDECAR_IGNORED", reason=str(error))
        return []


def _contradicts(state: State, later: Later) -> bool:
    """Whether the register signed two roots of one size."""
    if later.checkpoint is None:
        return False
    size, root = later.checkpoint.size, later.checkpoint.root
    known = (head.checkpoint for head in state.all_heads())
    if not any(head.size == size and head.root != root for head in known):
        return False
    state.find("REGISTER_FORK", _name(later), size=size)
    return True


def _name(later: Later) -> str:
    return f"{PREFIX}{proof_name(later.number)}"
