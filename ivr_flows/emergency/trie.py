"""Sounds found in a text whose characters may each be read in several ways."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Trie(Generic[T]):
    """A tree of keys; each word put in may carry several values."""

    children: dict[str, "Trie[T]"] = field(default_factory=dict)
    values: list[T] = field(default_factory=list)

    def put(self, keys: Sequence[str], value: T) -> None:
        """Store a value under a sequence of keys."""
        node = self
        for key in keys:
            node = node.children.setdefault(key, Trie())
        node.values.append(value)

    def found(self, text: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int, T]]:
        """Every (start, end, value) in a text whose characters each have one or more keys."""
        first = self.children
        for start, keys in enumerate(text):
            if any(key in first for key in keys):
                yield from self._from(text, start)

    def _from(self, text: Sequence[tuple[str, ...]], start: int) -> Iterator[tuple[int, int, T]]:
        level = [self]
        for end in range(start, len(text)):
            level = [
                child
                for node in level
                for key in text[end]
                if (child := node.children.get(key)) is not None
            ]
            if not level:
                return
            for node in level:
                for value in node.values:
                    yield start, end + 1, value
