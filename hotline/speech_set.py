"""Make a spoken set of a labelled one: some of its sentences, said by several voices."""

import csv
from collections.abc import Iterator
from hashlib import sha1
from itertools import cycle
from pathlib import Path

from asr.speak_file import speak
from hotline.instance import InstanceError

VOICES = (("jm_kumo", 0.9), ("jf_nezumi", 0.95))
"""A man and a woman with their speeds: about four syllables a second, as people telephone.

They are the clearest of the installed voices. All of those were made for another language; the
recogniser gets about a third more characters wrong with the others, and in faster speech.
"""

COLUMNS = (
    "id", "text", "wav", "kind", "category", "district", "place", "emergency", "voice", "speed"
)  # fmt: skip


def make(labelled: Path, directory: Path, count: int) -> Iterator[str]:
    """Speak ``count`` sentences of a labelled set into a directory; give a line of progress each.

    Which ones, and in which voice, is decided by their ids alone, so that the same set comes out
    anywhere; cases.tsv names voice and speed of each. What is spoken already is not spoken again.
    """
    if not labelled.is_file():
        raise InstanceError(f"no labelled set at {labelled}")
    with labelled.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows.sort(key=lambda row: sha1(row["id"].encode(), usedforsecurity=False).hexdigest())
    chosen = [
        row | {"wav": f"{row['id']}-{voice}-{speed}.wav", "voice": voice, "speed": str(speed)}
        for row, (voice, speed) in zip(rows[:count], cycle(VOICES), strict=False)
    ]
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "cases.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(
            file, COLUMNS, delimiter="\t", quoting=csv.QUOTE_NONE, extrasaction="ignore"
        )
        table.writeheader()
        for row in chosen:
            table.writerow(row | {"emergency": ""})
    for number, row in enumerate(chosen, 1):
        wav = directory / row["wav"]
        if not wav.exists():
            made = wav.with_suffix(".new.wav")
            speak(row["text"], made, voice=row["voice"], speed=float(row["speed"]))
            made.replace(wav)
        yield f"[{number}/{len(chosen)}] {row['voice']} at {row['speed']}: {row['text']}"
