"""The vocabulary of each category: which words of a sentence speak for which category."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "data" / "lexicon.yaml"
STRONG = 2.0


@lru_cache(maxsize=1)
def load() -> dict[str, dict[str, float]]:
    """For each word, the categories it speaks for and how loud."""
    words: dict[str, dict[str, float]] = {}
    for category, listed in yaml.safe_load(FILE.read_text("utf-8")).items():
        for entry in listed.split():
            weight = STRONG if entry.startswith("!") else 1.0
            words.setdefault(entry.lstrip("!"), {})[category] = weight
    return words


@lru_cache(maxsize=1)
def categories() -> tuple[str, ...]:
    """The categories that have a vocabulary, in the order of the file."""
    return tuple(yaml.safe_load(FILE.read_text("utf-8")))


def spoken(text: str) -> dict[str, float]:
    """How loud the words of the text speak for each category: longest words first, each once."""
    words = load()
    loud: dict[str, float] = {}
    heard: set[str] = set()
    at = 0
    while at < len(text):
        word = next(
            (text[at : at + n] for n in range(7, 0, -1) if text[at : at + n] in words), None
        )
        if word and word not in heard:
            heard.add(word)
            for category, weight in words[word].items():
                loud[category] = loud.get(category, 0.0) + weight / len(words[word]) ** 0.5
        at += len(word) if word else 1
    return loud
