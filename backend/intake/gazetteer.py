"""The city's districts and places as data, found by name and by sound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

from backend.intake import sound

DATA = Path(__file__).parent / "data"
DISTRICT = "district"
TOWN_ENDINGS = "镇乡"


@dataclass(frozen=True)
class Place:
    """A name, what it is (district, street, town, village, …), where it lies, how sure that is."""

    name: str
    kind: str
    districts: tuple[str, ...]
    certainty: float = 1.0
    said: str = ""
    """The form in which it may be said; empty: the name itself."""

    @property
    def form(self) -> str:
        """The words to look for."""
        return self.said or self.name


@dataclass(frozen=True)
class Gazetteer:
    """All places, indexed by their words and by their sound with any one syllable left open."""

    by_form: dict[str, Place]
    by_sound: dict[tuple[str, ...], tuple[Place, ...]]
    neighbours: frozenset[str]
    districts: tuple[str, ...]
    short_towns: frozenset[str]
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """How long the names are that begin with a character, longest first."""


def _districts() -> tuple[list[Place], frozenset[str], tuple[str, ...]]:
    loaded = yaml.safe_load((DATA / "districts.yaml").read_text("utf-8"))
    places: list[Place] = []
    for name, entry in loaded.items():
        places.append(Place(name, DISTRICT, (name,)))
        places += [Place(name, DISTRICT, (name,), 0.97, said) for said in entry["names"]]
        places += [Place(name, DISTRICT, (name,), 0.75, said) for said in entry["old"]]
    near = frozenset(name for name, entry in loaded.items() if entry.get("neighbour"))
    return places, near, tuple(loaded)


def _places() -> list[Place]:
    loaded = yaml.safe_load((DATA / "gazetteer.yaml").read_text("utf-8"))
    where: dict[tuple[str, str], list[str]] = {}
    for districts, kinds in loaded.items():
        for kind, names in kinds.items():
            for name in names.split():
                where.setdefault((name, kind), []).extend(districts.split("|"))
    return [Place(name, kind, tuple(found)) for (name, kind), found in where.items()]


def _short(place: Place) -> Place | None:
    """大王店镇 is also called 大王店, 骆驼湾村 骆驼湾."""
    base = place.name[:-1]
    if place.kind == "town" and place.name[-1] in TOWN_ENDINGS and len(base) >= 2:
        return Place(place.name, place.kind, place.districts, 0.9, base)
    if place.kind == "village" and place.name.endswith("村") and len(base) >= 3:
        return Place(place.name, place.kind, place.districts, 0.85, base)
    return None


def _sound_index(places: list[Place]) -> dict[tuple[str, ...], tuple[Place, ...]]:
    index: dict[tuple[str, ...], list[Place]] = {}
    for place in places:
        key = tuple(map(sound.folded, sound.syllables(place.form)))
        for hole in range(-1, len(key) if len(key) > 2 else 0):
            index.setdefault(opened(key, hole), []).append(place)
    return {key: tuple(found) for key, found in index.items()}


def opened(key: tuple[str, ...], hole: int) -> tuple[str, ...]:
    """The sound key with the syllable at `hole` left open; the key itself for -1."""
    return key if hole < 0 else (*key[:hole], "*", *key[hole + 1 :])


@lru_cache(maxsize=1)
def load() -> Gazetteer:
    """The city's gazetteer, read once."""
    districts, near, names = _districts()
    places = _places()
    shorts = [short for place in places if (short := _short(place))]
    by_form: dict[str, Place] = {}
    for place in (*districts, *places, *shorts):
        by_form.setdefault(place.form, place)
    full = [p for p in by_form.values() if not p.said or (p.kind == DISTRICT and len(p.form) > 2)]
    by_sound = _sound_index(full)
    return Gazetteer(
        by_form=by_form,
        by_sound=by_sound,
        neighbours=near,
        districts=names,
        short_towns=frozenset(
            p.form for p in shorts if len(p.form) == 2 and by_form[p.form].kind != DISTRICT
        ),
        lengths=_lengths(by_form),
    )


def _lengths(forms: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for form in forms:
        if len(form) > 1:
            found.setdefault(form[0], set()).add(len(form))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}
