"""Run `evidence` from a checkout: ``python cli.py …`` (not installed; see evidence.cli)."""

from evidence.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
