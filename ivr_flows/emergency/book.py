"""Reads cue files, and names every fault in them at once with its remedy."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from re import findall, split, sub

import yaml
from pydantic import ValidationError

from .cues import Book, Cue, Listed, Present, Weakener
from .schema import BookFile, CueEntry
from .verdict import Decision

_MOST_WORDINGS = 4000


class CueFileError(ValueError):
    """One or more cue files cannot be used; `faults` has one line each: file, place, remedy."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


def read(paths: Iterable[Path]) -> Book:
    """Read cue files in order; lists add up, single values come from the last file that has them.

    Raises CueFileError with all the faults of all the files.
    """
    faults: list[str] = []
    files = [found for path in paths if (found := _file(path, faults)) is not None]
    listed: list[Listed] = []
    weakeners: list[tuple[str, Weakener]] = []
    near: list[str] = []
    calls: list[str] = []
    order: list[str] = []
    traditional = ""
    for path, entry in files:
        order = entry.order or order
        near += entry.present.near
        calls += entry.present.calls
        traditional += "".join(entry.traditional.split())
        weakeners += _weakeners(entry)
        for number, cue in enumerate(entry.cues, 1):
            place = f"{path}: cues, entry {number} ({cue.what})"
            listed += _wordings(cue, entry, place, faults)
    if not listed and not faults:
        faults.append("no cue file has any cue: nothing would ever be noticed; list some phrases")
    if len(traditional) % 2:
        faults.append("traditional: characters must come in pairs, 燒烧 for 燒 read as 烧")
    if faults:
        raise CueFileError(faults)
    simplified = {ord(a): b for a, b in zip(traditional[::2], traditional[1::2], strict=True)}
    present = Present(tuple(near), tuple(calls))
    return Book(tuple(order), tuple(listed), tuple(weakeners), present, simplified)


def _file(path: Path, faults: list[str]) -> tuple[Path, BookFile] | None:
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    except FileNotFoundError:
        faults.append(f"{path}: there is no such file; give the path of a cue file")
        return None
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{path}: cannot be read as UTF-8 text ({error}); save it as UTF-8")
        return None
    except yaml.YAMLError as error:
        at = " ".join(str(error).split())
        faults.append(f"{path}: is not YAML: {at}; mend the line that is named")
        return None
    try:
        return path, BookFile.model_validate(raw if raw is not None else {})
    except ValidationError as error:
        for each in error.errors():
            where = ", ".join(_place(part) for part in each["loc"]) or "the whole file"
            faults.append(f"{path}: {where}: {_plain(each['type'], each['msg'])}")
        return None


def _place(part: int | str) -> str:
    return f"entry {part + 1}" if isinstance(part, int) else str(part)


def _plain(kind: str, message: str) -> str:
    match kind:
        case "extra_forbidden":
            return "this name is not known here; check its spelling or remove it"
        case "missing":
            return "is missing; add it"
        case "list_type" | "tuple_type":
            return "must be a list; write [one, two] or lines that begin with '- '"
        case "model_type" | "dict_type":
            return "must be names with values; write 'name: value'"
        case _:
            return message.removeprefix("Value error, ") + "; mend the value"


def _weakeners(entry: BookFile) -> list[tuple[str, Weakener]]:
    return [
        (word, Weakener(**each.model_dump(exclude={"words"})))
        for each in entry.weakens
        for word in each.words
    ]


def _wordings(entry: CueEntry, book: BookFile, place: str, faults: list[str]) -> list[Listed]:
    cue = Cue(
        service=entry.service,
        what=entry.what,
        sure=Decision(entry.sure),
        critical=entry.critical,
        also=tuple(entry.also),
        unless=tuple(entry.unless),
        by_sound=entry.by_sound,
        joins=entry.joins,
        alone=entry.alone,
        wait=entry.wait if entry.wait is not None else book.wait_characters,
        gap=entry.gap if entry.gap is not None else book.gap_characters,
    )
    found: dict[str, Listed] = {}
    for phrase in entry.phrases:
        for wording in _expanded(phrase, book.words, place, faults):
            parts = tuple(_comparable(part) for part in split("…+", wording))
            if not all(parts):
                faults.append(f"{place}: '{phrase}' has an empty part; write words around …")
                continue
            found[wording] = Listed(cue, wording, parts)
    for wording in entry.heard:
        found[wording] = Listed(cue, wording, (_comparable(wording),), mishearing=True)
    return list(found.values())


def _comparable(part: str) -> str:
    return "".join(character for character in part.lower() if character.isalnum())


def _expanded(
    phrase: str, words: Mapping[str, Sequence[str]], place: str, faults: list[str]
) -> list[str]:
    names = findall(r"\{([^}]*)\}", phrase)
    unknown = [name for name in names if name not in words]
    if unknown:
        known = ", ".join(words) or "none"
        faults.append(
            f"{place}: '{phrase}' names words that are not listed: {', '.join(unknown)};"
            f" list them under 'words' (known: {known})"
        )
        return []
    choices = list(product(*(words[name] for name in names)))
    if len(choices) > _MOST_WORDINGS:
        faults.append(f"{place}: '{phrase}' makes {len(choices)} wordings; split it")
        return []
    return [_filled(phrase, choice) for choice in choices]


def _filled(phrase: str, choice: Sequence[str]) -> str:
    rest = iter(choice)
    return sub(r"\{[^}]*\}", lambda _: next(rest), phrase)
