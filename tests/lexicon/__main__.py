"""``python -m tests.lexicon FILE``: precision and recall of the lexicon on annotated sentences."""

import sys
from pathlib import Path

from tests.lexicon import measuring

if __name__ == "__main__":
    sys.exit(measuring.main(sys.argv[1:], Path.cwd()))
