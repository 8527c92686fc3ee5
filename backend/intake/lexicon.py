"""The vocabulary of each category: which words of a sentence speak for which category."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from backend.intake import sound

FILE = Path(__file__).parent / "data" / "lexicon.yaml"
LOUDNESS = {0: 1.0, 1: 1.5, 2: 2.0}
"""By the number of marks before a word."""


@lru_cache(maxsize=1)
def load() -> dict[str, dict[str, float]]:
    """For each word, the categories it speaks for and how loud."""
    words: dict[str, dict[str, float]] = {}
    for category, listed in yaml.safe_load(FILE.read_text("utf-8")).items():
        for entry in listed.split():
            word = entry.lstrip("!")
            words.setdefault(word, {})[category] = LOUDNESS[len(entry) - len(word)]
    return words


@lru_cache(maxsize=1)
def categories() -> tuple[str, ...]:
    """The categories that have a vocabulary, in the order of the file."""
    return tuple(yaml.safe_load(FILE.read_text("utf-8")))


@lru_cache(maxsize=1)
def load_sounds() -> dict[tuple[str, ...], dict[str, float]]:
    """The same for words of two characters and more, by their folded sound."""
    sounds: dict[tuple[str, ...], dict[str, float]] = {}
    for word, topics in load().items():
        if len(word) >= 2:
            entry = sounds.setdefault(heard_as(word), {})
            for category, weight in topics.items():
                entry[category] = max(weight, entry.get(category, 0.0))
    return sounds


@lru_cache(maxsize=1)
def _written() -> dict[tuple[str, ...], dict[str, float]]:
    return {tuple(word): topics for word, topics in load().items()}


def heard_as(text: str) -> tuple[str, ...]:
    """The folded sound of each character."""
    return tuple(map(sound.folded, sound.syllables(text)))


def spoken(text: str) -> dict[str, float]:
    """How loud the words of the text speak for each category: longest words first, each once."""
    return _loudness(tuple(text), _written())


def sounded(text: str) -> dict[str, float]:
    """The same by sound, so that a word heard as its homophone still speaks."""
    return _loudness(heard_as(text), load_sounds())


def _loudness(
    units: tuple[str, ...], words: dict[tuple[str, ...], dict[str, float]]
) -> dict[str, float]:
    loud: dict[str, float] = {}
    heard: set[tuple[str, ...]] = set()
    at = 0
    while at < len(units):
        word = next(
            (units[at : at + n] for n in range(7, 0, -1) if units[at : at + n] in words), None
        )
        if word and word not in heard:
            heard.add(word)
            for category, weight in words[word].items():
                loud[category] = loud.get(category, 0.0) + weight / len(words[word]) ** 0.5
        at += len(word) if word else 1
    return loud
