"""A version of the notice register, put into an incident: what it says, and its sound as a file."""

from typing import TYPE_CHECKING, Any

from evidence.cli import console

if TYPE_CHECKING:
    from evidence.operations.notices import NoticeVersion
    from evidence.operations.prepare import Change, NewFile
    from evidence.vault.vault import Vault


def with_version(vault: "Vault", given: dict[str, Any]) -> "tuple[dict[str, Any], list[NewFile]]":
    """The options with the wording and language of the version that ``--notice-version`` names.

    Returns:
        the options, and the version's sound as a file to bring in, if it has one.

    Raises:
        UsageError: no or more than one version has such an id.
        StateError: the version is damaged.
    """
    if not given["notice_version"]:
        return given, []
    from evidence.operations.notices import load

    version = load(vault, given["notice_version"])
    notice = version.notice
    stated = {
        "notice_version": version.id,
        "notice_text": given["notice_text"] or (notice.text or None if notice else None),
        "notice_language": given["notice_language"] or (notice.language if notice else None),
    }
    return {**given, **stated}, _sound(version)


def _sound(version: "NoticeVersion") -> "list[NewFile]":
    from evidence.operations.notices import SHORT
    from evidence.operations.prepare import NewFile

    if version.sound is None:
        return []
    title = version.notice.title or None if version.notice else None
    return [
        NewFile(
            version.sound, f"notice-{version.id[:SHORT]}{version.sound.suffix}", "notice", title, is_own=True
        )
    ]


def tell_in_force(vault: "Vault", change: "Change", number: str) -> None:
    """Note which versions were in force when the calls of an incident began, if none is named."""
    from evidence.intake import times
    from evidence.operations.notices import SHORT, versions

    if change.notice.get("version"):
        return
    begun = [times.parse(call["started"]) for call in change.calls.values() if call.get("started")]
    found = versions(vault) if begun else []
    for version in (version for version in found if version.is_in_force_at_any(begun)):
        title = version.notice.title if version.notice else ""
        console.note(console.words("incidents.in_force", id=version.id[:SHORT], title=title, number=number))
