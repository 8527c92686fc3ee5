"""Make a spoken set of a labelled one: some of its sentences, said by several voices."""

import csv
from collections.abc import Iterator
from hashlib import sha1
from itertools import cycle
from pathlib import Path

from asr.speak_file import speak
from hotline.instance import InstanceError

VOICES = (("jm_kumo", 1.0), ("jf_nezumi", 0.95), ("jm_kumo", 1.15), ("jf_tebukuro", 1.0))
"""Voices and their speeds; the hotline's own prompts speak with another one."""

COLUMNS = ("id", "text", "wav", "kind", "category", "district", "place", "emergency")


def make(labelled: Path, directory: Path, count: int) -> Iterator[str]:
    """Speak ``count`` sentences of a labelled set into a directory; give a line of progress each.

    Which ones is decided by their ids alone, so that the same set comes out anywhere. Sentences
    that are spoken already are not spoken again.
    """
    if not labelled.is_file():
        raise InstanceError(f"no labelled set at {labelled}")
    with labelled.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows.sort(key=lambda row: sha1(row["id"].encode(), usedforsecurity=False).hexdigest())
    directory.mkdir(parents=True, exist_ok=True)
    chosen = rows[:count]
    with (directory / "cases.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(
            file, COLUMNS, delimiter="\t", quoting=csv.QUOTE_NONE, extrasaction="ignore"
        )
        table.writeheader()
        for row in chosen:
            table.writerow(row | {"wav": f"{row['id']}.wav", "emergency": ""})
    for number, (row, (voice, speed)) in enumerate(zip(chosen, cycle(VOICES), strict=False), 1):
        wav = directory / f"{row['id']}.wav"
        if not wav.exists():
            made = wav.with_suffix(".new.wav")
            speak(row["text"], made, voice=voice, speed=speed)
            made.replace(wav)
        yield f"[{number}/{len(chosen)}] {voice} {row['text']}"
