"""The words of complaints and how likely each is: the hotline's own and the language's."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import jieba
from pypinyin import lazy_pinyin

from backend.intake import sound
from backend.intake.gazetteer import load as load_gazetteer

TRAIN = Path(__file__).parent / "data" / "train.tsv"
HANZI = re.compile(r"[\u4e00-\u9fff]+")
ANY = "*"
"""Stands for one syllable that may be anything."""
PLACE_WEIGHT = 2
"""A place name counts as if it had been said so often in the labelled sentences."""
OWN_SHARE = 0.5
"""How much of a word's likelihood comes from the hotline's own sentences."""
LEAST = 1e-9
"""The likelihood of a single character that nobody has counted."""

Sounds = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words with their likelihood, and the hotline's own words by their sound."""

    own: Mapping[str, int]
    own_total: int
    general: Mapping[str, int]
    general_total: int
    by_sound: Mapping[Sounds, list[tuple[str, Sounds]]]
    """From folded syllables, one of which may be ANY, to (word, its syllables)."""
    places: frozenset[str] = frozenset()

    def cost(self, word: str) -> float | None:
        """How unlikely a word is (negative log of its share); None for no word at all."""
        own = self.own.get(word, 0) / self.own_total
        general = self.general.get(word, 0) / self.general_total
        share = OWN_SHARE * own + (1 - OWN_SHARE) * general
        if share == 0:
            return -math.log(LEAST) if len(word) == 1 else None
        return -math.log(share)


@lru_cache(maxsize=1)
def load() -> Vocabulary:
    """Count the words of the labelled sentences and of the gazetteer; about one second."""
    words = jieba.Tokenizer()
    # Read the dictionary itself: the tokenizer's own cache lies in a directory anyone can write to.
    words.FREQ, words.total = words.gen_pfdict(words.get_dict_file())
    words.initialized = True
    with TRAIN.open(encoding="utf-8", newline="") as file:
        sentences = [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=3)]
    own: Counter[str] = Counter()
    places = frozenset(load_gazetteer().by_form)
    for form in places:
        own[form] += PLACE_WEIGHT
        words.add_word(form)
    for sentence in sentences:
        own.update(word for word in words.lcut(sentence) if HANZI.fullmatch(word))
    own.update(_pairs(words, sentences))
    return build(own, words.FREQ, words.total, places)


def _pairs(words: jieba.Tokenizer, sentences: Iterable[str]) -> Counter[str]:
    """Two words that are said together again and again are as good as one."""
    pairs: Counter[str] = Counter()
    for sentence in sentences:
        cut = words.lcut(sentence)
        for one, two in pairwise(cut):
            if HANZI.fullmatch(one + two) and len(one + two) <= 5:
                pairs[one + two] += 1
    return Counter({pair: count for pair, count in pairs.items() if count >= 3})


def build(
    own: Mapping[str, int],
    general: Mapping[str, int],
    general_total: int,
    places: frozenset[str] = frozenset(),
) -> Vocabulary:
    """Index the hotline's own words of two and more characters by their sound."""
    by_sound: defaultdict[Sounds, list[tuple[str, Sounds]]] = defaultdict(list)
    for word in own:
        spoken = tuple(lazy_pinyin(word))
        if len(word) < 2 or len(spoken) != len(word):
            continue
        folded = tuple(map(sound.folded, spoken))
        for key in keys_of(folded):
            by_sound[key].append((word, spoken))
    total = max(1, sum(own.values()))
    return Vocabulary(own, total, general, general_total, dict(by_sound), places)


def keys_of(folded: Sounds) -> list[Sounds]:
    """The sound itself and, from three syllables on, the same with each one left open."""
    if len(folded) < 3:
        return [folded]
    holes = [(*folded[:i], ANY, *folded[i + 1 :]) for i in range(len(folded))]
    return [folded, *holes]
