"""A short made-up call of human voice prompts, with its notice, for `evidence demo` (see LICENSE.txt)."""
