"""The public vectors through the command line: exit code and findings are those that their names say."""

import json

import pytest

from evidence.cli import main
from tests.vectors.test_vectors import FOLDER, NAMES, read


@pytest.mark.parametrize("name", NAMES)
def test_command_line_says_what_the_name_says(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    told = read(name)
    arguments = ["verify", str(FOLDER / f"{name}.asice"), "--json", "--at", told["at"] or told["now"]]
    for option, files in (("--trust", told["trust"]), ("--trust-tsa", told["trust_tsa"])):
        for file in files:
            arguments += [option, str(FOLDER / file)]
    for option in ("register", "checkpoint"):
        if told[option]:
            arguments += [f"--{option}", str(FOLDER / told[option])]
    if told["require"]:
        arguments += ["--require", told["require"]]
    assert main(arguments) == told["exit"]
    out, err = capfd.readouterr()
    if told["exit"] == 4:
        assert json.loads(out)["exit_code"] == 4
        assert err.startswith("evidence: error: ")
        return
    codes = [finding["code"] for finding in json.loads(out)["findings"]]
    assert codes == told["findings"]
