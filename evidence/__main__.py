"""``python -m evidence``: the same program as the console script."""

from evidence.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
