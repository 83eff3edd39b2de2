"""Errors for people: one sentence, with the way out."""

from __future__ import annotations


class Problem(Exception):
    """What went wrong, in one sentence, and what to do about it; `code` is the exit status."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code
