"""An archive as anybody can take it apart: zipfile, json, XML, hashlib and openssl."""

import base64
import hashlib
import json
import subprocess
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from tests.drills import registerfile, tree
from tests.drills.registerfile import Register

_ASIC = "{http://uri.etsi.org/02918/v1.2.1#}"
_XMLDSIG = "{http://www.w3.org/2000/09/xmldsig#}"


class Archive:
    """The members of an archive, read at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as file:
            assert file.testzip() is None, f"{path.name}: a CRC differs"
            names = file.namelist()
            assert len(set(names)) == len(names), f"{path.name}: a name twice"
            self.members = {name: file.read(name) for name in names}
        self.listed = self.members["META-INF/ASiCManifest001.xml"]
        self.entry = json.loads(self.members["META-INF/register-entry.json"])

    @property
    def number(self) -> str:
        """The incident's number, from its record."""
        records = [json.loads(data) for name, data in self.members.items() if name.startswith("records/")]
        (number,) = (record["number"] for record in records if record["kind"] == "incident")
        return str(number)

    @property
    def recordings(self) -> Counter[str]:
        """Digests of the exhibits that are stored as they are."""
        found = (data for name, data in self.members.items() if name.startswith("exhibits/"))
        return Counter(hashlib.sha256(data).hexdigest() for data in found)

    def check(self, register: Register) -> None:
        """Its body is whole, and its evidence is the register's own."""
        self._check_body()
        place = self.entry["sequence"]
        assert self.members["META-INF/register-entry.json"] == register.documents[place], "another entry"
        assert self.entry["identity"] == hashlib.sha256(self.listed).hexdigest(), "another identity"
        signature = hashlib.sha256(self.members["META-INF/signature001.p7s"]).hexdigest()
        assert self.entry["signature_sha256"] == signature, "another signature"
        self._check_proof(register, place)

    def check_signature(self, certificate: Path) -> None:
        """Openssl accepts the CAdES signature over the list of digests."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "list").write_bytes(self.listed)
            (folder / "signature").write_bytes(self.members["META-INF/signature001.p7s"])
            command = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "signature"]
            command += ["-content", "list", "-CAfile", str(certificate.absolute()), "-out", "verified"]
            done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr

    def _check_body(self) -> None:
        listed = {}
        for reference in ET.fromstring(self.listed).findall(f"{_ASIC}DataObjectReference"):  # noqa: S314
            listed[unquote(reference.attrib["URI"])] = reference.findtext(f"{_XMLDSIG}DigestValue")
        body = {name: data for name, data in self.members.items() if not name.startswith("META-INF/")}
        assert body.pop("mimetype") == b"application/vnd.etsi.asic-e+zip"
        digests = {
            name: base64.b64encode(hashlib.sha256(data).digest()).decode() for name, data in body.items()
        }
        assert listed == digests, "what is listed isn't what is there"

    def _check_proof(self, register: Register, place: int) -> None:
        head, _, note = self.members["META-INF/register-001.tlog-proof"].partition(b"\n\n")
        first, index, *path = head.decode().split("\n")
        assert (first, index) == ("c2sp.org/tlog-proof@v1", f"index {place}")
        size = registerfile.check_note(register, note)
        assert note == register.notes[size], "a head that was never committed"
        top = base64.b64decode(note.split(b"\n")[2])
        steps = [base64.b64decode(step) for step in path]
        assert tree.is_included(place, size, register.leaves[place], steps, top), (
            "the proof doesn't lead there"
        )
