"""``python ours.py CALL NOTICE START END``: our search of a whole call, as a process like the others' programs."""

import json
import sys
from pathlib import Path

from evidence import digests
from evidence.media.search import Announcement, SearchProcess


def main(call: Path, notice: Path, start: int, end: int) -> None:
    """Print the match and what went wrong."""
    announcement = Announcement("v1", notice, digests.sha256(notice.read_bytes()), start, end)
    with SearchProcess() as process, call.open("rb") as file:
        found = process.search(file, None, call.name, [announcement], None)
    matches = [match.to_document() for match in found.matches]
    print(json.dumps({"matches": matches, "problems": found.problems}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
