"""Measures the fields of drafts against the held-out sentences: `python -m backend.intake.bench`.

Prints a table and one JSON line; leaves with 1 when a field is under its gate.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from backend.intake.dataset import Sentence, read
from backend.intake.drafting import draft
from backend.intake.fields import Fields
from backend.intake.mending import mend
from backend.intake.noise import noisy

HELD_OUT = Path(__file__).parents[2] / "tests" / "data" / "intake.tsv"
GATES = {
    "category": 0.90,
    "district": 0.98,
    "kind": 0.85,
    "place": 0.90,
    "acceptable": 0.97,
    "contact": 0.99,
}
SLOWEST_MS = 50.0
"""The p95 of one draft, in milliseconds, on two cores."""

Judge = Callable[[Fields, Sentence], bool]
JUDGES: dict[str, Judge] = {
    "category": lambda drafted, said: drafted.category == said.category,
    "district": lambda drafted, said: (drafted.district or "") == said.district,
    "kind": lambda drafted, said: drafted.kind.value == said.kind,
    "place": lambda drafted, said: (drafted.place or "") == said.place,
    "acceptable": lambda drafted, said: drafted.acceptable == said.acceptable,
    "contact": lambda drafted, said: (drafted.contact or "") == said.contact,
}


def measure(
    sentences: Sequence[Sentence], heard: Callable[[str], str] = lambda text: text
) -> dict[str, float]:
    """The share of sentences whose field is right, for each field, and `p95_ms` of one draft.

    `heard` changes the words on their way in. `place_named` counts a place as right when the one
    name holds the other, `gated_category` only the categories proposed without a mark.
    """
    draft("热身")
    drafts: list[Fields] = []
    spent: list[float] = []
    for sentence in sentences:
        began = time.perf_counter()
        drafts.append(draft(heard(sentence.text)))
        spent.append((time.perf_counter() - began) * 1000)
    pairs = list(zip(drafts, sentences, strict=True))
    figures = {
        field: round(sum(judge(d, s) for d, s in pairs) / len(pairs), 4)
        for field, judge in JUDGES.items()
    }
    proposed = [(d, s) for d, s in pairs if "category" not in d.unsure]
    right = sum(d.category == s.category for d, s in proposed)
    figures["category_proposed_share"] = round(len(proposed) / len(pairs), 4)
    figures["category_when_proposed"] = round(right / max(1, len(proposed)), 4)
    figures["place_named"] = round(sum(_named(d, s) for d, s in pairs) / len(pairs), 4)
    figures["p95_ms"] = round(sorted(spent)[int(0.95 * len(spent))], 2)
    return figures


def _named(drafted: Fields, said: Sentence) -> bool:
    place = drafted.place or ""
    return place == said.place or bool(
        place and said.place and (place in said.place or said.place in place)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures clean, noisy and mended words; 0 when every gate holds for the clean ones."""
    parser = argparse.ArgumentParser(prog="python -m backend.intake.bench", description=__doc__)
    parser.add_argument("--file", type=Path, default=HELD_OUT, help="labelled sentences (TSV)")
    parser.add_argument("--show", action="store_true", help="print the sentences that went wrong")
    options = parser.parse_args(arguments)
    sentences = read(options.file)
    clean, rough = measure(sentences), measure(sentences, noisy)
    mended = measure(sentences, lambda text: mend(noisy(text)).text)
    write = sys.stdout.write
    write(f"{len(sentences)} sentences\n")
    write(f"{'field':26}{'clean':>9}{'noisy':>9}{'mended':>9}{'gate':>8}\n")
    for field, value in clean.items():
        gate = f"{GATES[field]:.2f}" if field in GATES else ""
        write(f"{field:26}{value:9.4f}{rough[field]:9.4f}{mended[field]:9.4f}{gate:>8}\n")
    missed = [field for field, gate in GATES.items() if clean[field] < gate]
    missed += ["p95_ms"] if clean["p95_ms"] > SLOWEST_MS else []
    write(json.dumps({"clean": clean, "noisy": rough, "mended": mended, "missed": missed}) + "\n")
    if options.show:
        _show(sentences)
    return 1 if missed else 0


def _show(sentences: Sequence[Sentence]) -> None:
    for sentence in sentences:
        drafted = draft(sentence.text)
        wrong = [field for field, judge in JUDGES.items() if not judge(drafted, sentence)]
        for field in wrong:
            found, meant = getattr(drafted, field), getattr(sentence, field)
            sys.stdout.write(f"{sentence.id} {field}: {found} not {meant} | {sentence.text}\n")


if __name__ == "__main__":
    sys.exit(main())
