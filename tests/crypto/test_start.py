"""Verification starts without the slow parts of cryptography."""

import subprocess
import sys


def test_verifying_modules_leave_the_slow_ones_alone() -> None:
    modules = "cades, certificates, notes, tokens, trust"
    program = f"import sys; from evidence.crypto import {modules}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    ).stdout
    assert "cryptography.hazmat.asn1" in loaded.split()
    slow = {"cryptography.x509", "cryptography.hazmat.primitives.serialization", "evidence.crypto.keys"}
    assert not slow & set(loaded.split())
