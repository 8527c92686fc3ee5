"""Words found in a text as they are written."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Words(Generic[T]):
    """Words with values, looked up by first character and length."""

    def __init__(self) -> None:
        self._values: dict[str, list[T]] = {}
        self._lengths: dict[str, set[int]] = {}

    def put(self, word: str, value: T) -> None:
        """Store a value under a word; a word may have several."""
        if word:
            self._values.setdefault(word, []).append(value)
            self._lengths.setdefault(word[0], set()).add(len(word))

    def found(self, text: str) -> Iterator[tuple[int, int, T]]:
        """Every (start, end, value) of a word in the text."""
        lengths, values = self._lengths, self._values
        for start, first in enumerate(text):
            for length in lengths.get(first, ()):
                end = start + length
                if end <= len(text):
                    for value in values.get(text[start:end], ()):
                        yield start, end, value
