"""What verify, show, explain and register log say of receipts, in both languages and as JSON."""

import json

import pytest

from evidence.cli import main
from tests.vectors.test_vectors import FOLDER

AS_OF = ["--trust", str(FOLDER / "sources" / "sealer.pem")]
RECEIPT = str(FOLDER / "PASSED_RECEIPT.asice")
UNPROVEN = str(FOLDER / "PASSED_RECEIPT_UNPROVEN.asice")
AT = ["--at", "2027-01-15T09:00:00Z"]

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            (
                "RECEIVED  E1 was received at 2026-03-02 09:00:00 UTC by its host's clock: register entry 1; "
                "sealed 9 h 40 min later."
            ),
        ),
        (
            "uk",
            (
                "RECEIVED  E1 отримано 2026-03-02 09:00:00 UTC за годинником комп'ютера, що його прийняв: "
                "запис реєстру 1; запечатано через 9 год 40 хв."
            ),
        ),
    ],
)
def test_verify_says_when_a_recording_came_in(capfd: Capture, language: str, sentence: str) -> None:
    assert main(["verify", RECEIPT, *AS_OF, *AT, "--lang", language]) == 0
    assert sentence in capfd.readouterr().out.splitlines()


def test_verify_says_what_is_only_claimed(capfd: Capture) -> None:
    assert main(["verify", UNPROVEN, *AS_OF, *AT]) == 0
    out = capfd.readouterr().out
    assert "RECEIPT_UNPROVEN  E1 is said to have been received at 2026-03-02 09:00:00 UTC" in out
    assert "RECEIVED  " not in out


def test_verify_as_json(capfd: Capture) -> None:
    assert main(["verify", RECEIPT, *AS_OF, *AT, "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["received"] == [
        {
            "exhibit": "E1",
            "received_id": "00000000-0000-4000-8000-000000000501",
            "claimed": "2026-03-02T09:00:00.250Z",
            "entered": "2026-03-02T18:15:00.000Z",
            "sequence": 1,
            "is_proven": True,
            "proven": None,
            "authority": None,
        }
    ]
    assert told["contents"]["receipts"] == 1


def test_show_tells_the_receipt(capfd: Capture) -> None:
    assert main(["show", RECEIPT, *AS_OF]) in {0, 3}
    out = capfd.readouterr().out
    assert "Receipts (noted when the recording came in)" in out
    assert "    account: asterisk" in out
    assert "isn't known" not in out


def test_nothing_is_said_of_receipts_of_an_archive_that_failed(capfd: Capture) -> None:
    for name in ("RECORD_MALFORMED-receipt", "RECORD_DISAGREES-receipt"):
        assert main(["verify", str(FOLDER / f"{name}.asice"), *AS_OF, *AT, "--json"]) == 1
        told = json.loads(capfd.readouterr().out)
        assert told["received"] == []
        assert not [note for note in told["notes"] if note["code"].startswith("RECEI")]


@pytest.mark.parametrize("code", ["RECEIVED", "RECEIPT_PROVEN", "RECEIPT_UNPROVEN", "RECEIPT_MISSING"])
def test_explain_knows_the_notes(capfd: Capture, code: str) -> None:
    assert main(["explain", code]) == 0
    assert capfd.readouterr().out.split()[0] == code
