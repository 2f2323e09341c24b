"""What an archive holds, told to a reader: facts, claims and allegations apart. Verified records only."""

from collections.abc import Iterable, Mapping
from typing import Any

from evidence.cli import marker_contents, notice_contents, pbx_contents, waveform_contents
from evidence.cli.console import line, words
from evidence.cli.fields import field, section
from evidence.cli.fingerprints import print_fingerprint
from evidence.cli.marker_contents import place
from evidence.cli.received import print_receipts
from evidence.intake.records import BY_NAME
from evidence.messages import fits, t
from evidence.model import names, waveform
from evidence.verify.durations import clock, plain_seconds

Record = Mapping[str, Any]
_KNOWN = (
    "incident",
    "marker",
    "exhibit",
    "acquisition",
    "measure",
    "receipt",
    *notice_contents.KINDS,
    pbx_contents.KIND,
    waveform.KIND,
)


def print_contents(records: Iterable[Record]) -> None:
    """Print the incident, the recordings, the notice evidence, the markers and the papers."""
    by_kind: dict[str, list[Record]] = {}
    for record in records:
        by_kind.setdefault(record["kind"], []).append(record)
    for incident in by_kind.get("incident", []):
        _incident(incident)
    _measures(by_kind.get("measure", []))
    exhibits = sorted(by_kind.get("exhibit", []), key=lambda e: int(e["exhibit"][1:]))
    section("recordings")
    _recordings(exhibits, by_kind)
    _acquisitions(by_kind.get("acquisition", []))
    print_receipts(by_kind.get("receipt", []))
    notice_contents.print_notice(by_kind)
    pbx_contents.print_logs(by_kind)
    marker_contents.print_markers(by_kind.get("marker", []), by_kind.get("measure", []))
    section("papers")
    for exhibit in exhibits:
        if "recording" not in exhibit:
            _paper(exhibit)
    for kind, found in by_kind.items():
        if kind not in _KNOWN:
            line(words("show.unknown_kind", kind=kind, n=len(found)))


def _incident(record: Record) -> None:
    section("incident")
    field(t("show.number"), record["number"])
    for name in ("title", "summary", "replaces", "prepared_by", "time_zone"):
        if name in record:
            field(t(f"show.{name}"), record[name])
    for change in record.get("changes", ()):
        about = ", ".join(t(f"show.part_{part}") for part in change["about"])
        line("  ", words("show.changed", by=change["by"], at=change["at"]["text"], list=about))
    if "corrects" in record:
        _corrects(record["corrects"])
    if "legal_basis" in record:
        _bases(record["legal_basis"])
    for name in ("subscriber", "agent"):
        if name in record:
            line("  ", words("show.label", name=t(f"show.{name}")))
            _person(record[name])
    for call in record["calls"]:
        _call(call)


def _person(given: Record) -> None:
    for key in ("name", "id", "phone", "account"):
        if key in given:
            field(t(f"show.{key}"), given[key], "    ")
    _from_log(given, "agent")


def _call(call: Record) -> None:
    parts = [call["started"]["text"]]
    if "ended" in call:
        parts.append(f"- {call['ended']['text']}")
    parts += [t(f"show.direction_{call['direction']}")] if "direction" in call else []
    parts += [call["exhibit"]] if "exhibit" in call else []
    parts += [f"id {call['id']}"] if "id" in call else []
    parts += [f"[{', '.join(call['channels'])}]"] if "channels" in call else []
    field(t("show.call"), "  ".join(parts))
    for name in ("caller", "callee", "queue"):
        if name in call:
            field(t(f"show.{name}"), call[name], "    ")
    if "from_name" in call:
        listed = ", ".join(t(f"show.call_{name}") for name in call["from_name"])
        line("    ", t("show.from_name", list=listed))
    _from_log(call, "call")


def _from_log(given: Record, part: str) -> None:
    """Which fields only a PBX's log says, and where."""
    logged = given.get("from_log", {})
    if logged:
        listed = ", ".join(f"{t(f'show.{part}_{name}')} ({place})" for name, place in logged.items())
        line("    ", words("show.from_log", list=listed))


def _corrects(cited: Record) -> None:
    line("  ", words("show.label", name=t("show.corrects")))
    if "number" in cited:
        field(t("show.number"), cited["number"], "    ")
    field(t("show.archive_id"), cited["archive_id"], "    ")
    print_fingerprint(words("show.label", name=t("show.identity")), cited["identity"], "    ")
    field(t("show.reason"), cited["reason"], "    ")


def _bases(bases: Iterable[Record]) -> None:
    line("  ", words("show.label", name=t("show.legal_basis")))
    for basis in bases:
        field(t(f"show.basis_{basis['kind']}"), basis["reference"], "    ")
        if "note" in basis:
            field(t("show.note"), basis["note"], "      ")


def _measures(measures: list[Record]) -> None:
    if not measures:
        return
    section("measures")
    for measure in sorted(measures, key=lambda m: m["at"]["utc"]):
        where = place(measure, measure.get("at_milliseconds"))
        kind, at = t(f"show.measure_{measure['measure']}"), measure["at"]["text"]
        line("  ", words("show.taken", kind=kind, at=at, by=measure["by"]), f"  {where}" if where else "")
        if measure["at"]["source"].endswith(BY_NAME):
            line("    ", t("show.reckoned"))
        for name in ("basis", "note"):
            if name in measure:
                field(t(f"show.{name}"), measure[name], "    ")


def _acquisitions(acquisitions: list[Record]) -> None:
    if not acquisitions:
        return
    section("acquisitions")
    for record in sorted(acquisitions, key=lambda a: min(int(e[1:]) for e in a["exhibits"])):
        line("  ", ", ".join(record["exhibits"]))
        field(t("show.taken_by"), record["taken_by"], "    ")
        field(t("show.taken_at"), record["taken_at"]["text"], "    ")
        for name in ("system", "authority", "original", "copied_from", "note"):
            if name in record:
                field(t(f"show.{name}"), record[name], "    ")
        if "clock" in record:
            _clock(record["clock"])


def _clock(state: Record) -> None:
    """How a clock stood, in seconds with their sign."""
    seconds = plain_seconds(abs(state["offset_ms"]))
    key = "show.clock_fast" if state["offset_ms"] > 0 else "show.clock_slow"
    said = t(key, seconds=seconds) if state["offset_ms"] else t("show.clock_right")
    if "uncertainty_ms" in state:
        said = f"{said} ± {t('show.seconds', seconds=plain_seconds(state['uncertainty_ms']))}"
    field(t("show.clock"), said, "    ")
    field(t("show.clock_known_by"), state["known_by"], "      ")
    if "checked_at" in state:
        field(t("show.checked_at"), state["checked_at"]["text"], "      ")


def _name(exhibit: Record) -> str:
    """A file's name; bytes that aren't UTF-8 come out as visible escapes."""
    return names.from_document(exhibit["name"])


def _recordings(exhibits: Iterable[Record], by_kind: Mapping[str, list[Record]]) -> None:
    drawn = waveform_contents.drawings(by_kind)
    calls = [call for incident in by_kind.get("incident", []) for call in incident["calls"]]
    channels = {call["exhibit"]: call.get("channels", ()) for call in calls if "exhibit" in call}
    for exhibit in exhibits:
        if "recording" not in exhibit:
            continue
        _recording(exhibit)
        if exhibit["exhibit"] in drawn:
            name = exhibit["exhibit"]
            waveform_contents.print_drawing(drawn[name], channels.get(name, ()))


def _recording(exhibit: Record) -> None:
    facts = exhibit["recording"]
    line(words("show.exhibit", id=exhibit["exhibit"], name=_name(exhibit), role=_role(exhibit)))
    _digest(exhibit)
    _sound(facts, facts["method"])
    for number, track in enumerate(facts.get("tracks", ()), 2):
        line("  ", words("show.label", name=t("show.track", n=str(number))))
        _sound(track, facts["method"], "    ")
    for problem in facts["problems"]:
        key = f"media.problem_{problem}"
        field(t("show.problem"), t(key) if fits(key) else problem)
    for name, value in sorted(facts["claims"].items()):
        field(_claim(name), str(value))


def _sound(facts: Record, method: str, indent: str = "  ") -> None:
    """Duration and coding of a track."""
    if facts["samples"] is None or not facts["sample_rate"] or facts["channels"] is None:
        field(t("show.duration"), t("show.duration_unknown"), indent)
        return
    milliseconds = facts["samples"] * 1000 // facts["sample_rate"]
    key = f"show.method_{method}"
    field(t("show.duration"), f"{clock(milliseconds)} ({t(key) if fits(key) else method})", indent)
    codec, channels = _codec(facts["codec"]), t("show.channels", n=facts["channels"])
    field(t("show.codec"), f"{codec}, {facts['sample_rate']} Hz, {channels}", indent)


def _claim(name: str) -> str:
    """What a header or a tag claims, in words; a name that is unknown here stays as it is."""
    if name.startswith("tag_"):
        return t("show.claim_tag", name=name.removeprefix("tag_"))
    key = f"show.claim_{name}"
    return t(key) if fits(key) else name


def _codec(codec: str) -> str:
    key = f"media.codec_{codec}"
    return t(key) if fits(key) else codec


def _role(exhibit: Record) -> str:
    key = f"show.role_{exhibit['role']}"
    title = f": {exhibit['title']}" if "title" in exhibit else ""
    return (t(key) if fits(key) else exhibit["role"]) + title


def _digest(exhibit: Record) -> None:
    field(t("show.size"), t("show.bytes", n=exhibit["size"]))
    print_fingerprint(words("show.label", name=t("show.sha256")), exhibit["sha256"], "  ")


def _paper(exhibit: Record) -> None:
    line(words("show.exhibit", id=exhibit["exhibit"], name=_name(exhibit), role=_role(exhibit)))
    _digest(exhibit)
