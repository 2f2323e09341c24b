"""A witness for tests, written from C2SP tlog-witness and tlog-cosignature alone; it checks what it signs."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

TIME = 1_767_225_600


class Witness:
    """Remembers the newest head of one log and cosigns what continues it.

    Attributes:
        key: its verifier key.
        size, root: of the head that it cosigned last.
        answers: what it answers instead, from the front; each a status and a body.
        asked: the bodies of all requests.
    """

    def __init__(self, name: str = "witness.example/1") -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())
        public = b"\x04" + self._private.public_key().public_bytes_raw()
        self._name = name
        self._id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
        self.key = f"{name}+{self._id.hex()}+{base64.b64encode(public).decode()}"
        self.size, self.root = 0, hashlib.sha256(b"").digest()
        self.answers: list[tuple[int, bytes]] = []
        self.asked: list[bytes] = []
        self.url = ""

    def answer(self, body: bytes) -> tuple[int, bytes]:
        """What add-checkpoint answers."""
        self.asked.append(body)
        if self.answers:
            return self.answers.pop(0)
        head, _, note = body.partition(b"\n\n")
        first, *hashes = head.decode().split("\n")
        text = note.partition(b"\n\n")[0] + b"\n"
        size, root = text.split(b"\n")[1:3]
        if int(first.removeprefix("old ")) != self.size:
            return 409, f"{self.size}\n".encode()
        proof = [base64.b64decode(value) for value in hashes]
        if not self._continues(int(size), base64.b64decode(root), proof):
            return 422, b""
        self.size, self.root = int(size), base64.b64decode(root)
        return 200, self.line(text)

    def line(self, text: bytes, time: int = TIME) -> bytes:
        """Its cosignature line on a note's text."""
        signed = self._private.sign(b"cosignature/v1\ntime %d\n" % time + text)
        data = base64.b64encode(self._id + time.to_bytes(8, "big") + signed).decode()
        return f"\u2014 {self._name} {data}\n".encode()

    def _continues(self, size: int, root: bytes, proof: list[bytes]) -> bool:
        """Whether the proof leads from the old root to the old and the new one (RFC 6962, section 2.1.2)."""
        if self.size in {0, size}:
            return not proof and (self.size == 0 or root == self.root)
        old, new, rest = _roots(self.size, size, proof, self.root, is_whole=True)
        return not rest and (old, new) == (self.root, root)


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _roots(
    old: int, new: int, proof: list[bytes], known: bytes, *, is_whole: bool
) -> tuple[bytes, bytes, list[bytes]]:
    """SUBPROOF(m, D[n], b) read backwards: the old and the new root that a proof leads to."""
    if old == new:
        if is_whole:
            return known, known, proof
        return proof[0], proof[0], proof[1:]
    split = 1
    while split * 2 < new:
        split *= 2
    if old <= split:
        left_old, left_new, rest = _roots(old, split, proof, known, is_whole=is_whole)
        return left_old, _join(left_new, rest[0]), rest[1:]
    right_old, right_new, rest = _roots(old - split, new - split, proof, known, is_whole=False)
    return _join(rest[0], right_old), _join(rest[0], right_new), rest[1:]


@contextmanager
def serving(witness: Witness) -> Iterator[Witness]:
    """The witness at a loopback address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_known = self.path == "/log/add-checkpoint"
            status, answer = witness.answer(body) if is_known else (404, b"")
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"http://{self.headers['Host']}/log/add-checkpoint")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    witness.url = f"http://127.0.0.1:{server.server_port}/log/"
    try:
        yield witness
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
