"""python -m ivr_flows.emergency bench | learn | detect: measure the detector, teach it, ask it."""

import argparse
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from . import CUES, CueFileError, load
from .bench import measure, shortfalls
from .book import read
from .course import course
from .detector import Detector
from .labelled import LabelledSetError, Side, read_cases, read_texts
from .learn import fit, save
from .learnt import KINDS, WEIGHTS
from .lessons import read_lessons
from .lines import detect_lines
from .table import kinds, rows, wrong

_SET = Path("tests/data/emergency.tsv")
_MEASURES = (_SET, _SET.with_stem("emergency_wide"))
"""Half of each measures; the other half teaches."""
_BLIND = _SET.with_stem("emergency_blind")
"""Measures whole: no cue, weight or limit was chosen by it."""
_SPENT = [_SET.with_stem(f"emergency_{name}") for name in ("attack", "fresh", "taught", "unseen")]
_LESSONS = Path("tests/data/emergency_lessons")
_COMPLAINTS = Path("backend/intake/data/train.tsv")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 = good, 1 = figures below what must be reached, 2 = cannot run."""
    asked = _parser().parse_args(arguments)
    try:
        if asked.command == "bench":
            return _bench(asked)
        if asked.command == "learn":
            return _learn(asked)
        for line in detect_lines(asked.text, load([CUES, *asked.cues])):
            print(line)
    except (CueFileError, LabelledSetError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ivr_flows.emergency")
    commands = parser.add_subparsers(dest="command", required=True)
    bench = commands.add_parser("bench", help="measure on labelled sentences; exit 1 if below")
    bench.add_argument(
        "--set", type=Path, nargs="+", default=[], help="labelled sentences of your own"
    )
    bench.add_argument("--side", choices=["tune", "test", "both", "whole"], default="both")
    bench.add_argument("--wrong", action="store_true", help="print the tune side's wrong sentences")
    bench.add_argument("--cues", type=Path, nargs="*", default=[], help="more cue files")
    learn = commands.add_parser("learn", help="learn the second ear's weights anew")
    learn.add_argument(
        "--set", type=Path, nargs="+", default=[*_MEASURES, *_SPENT], help="labelled sentences"
    )
    learn.add_argument("--lessons", type=Path, default=_LESSONS, help="folder of situations")
    learn.add_argument(
        "--harmless",
        type=Path,
        nargs="*",
        default=[_COMPLAINTS],
        help="tables with a column named text",
    )
    detect = commands.add_parser("detect", help="judge sentences, as JSON lines")
    detect.add_argument("text", nargs="+")
    detect.add_argument("--cues", type=Path, nargs="*", default=[], help="more cue files")
    return parser


def _bench(asked: argparse.Namespace) -> int:
    detector = load([CUES, *asked.cues])
    below: list[str] = []
    titles = {"both": ["tune", "test"]}.get(asked.side, [asked.side])
    wanted = list(product(asked.set or _MEASURES, titles))
    if not asked.set:
        wanted.append((_BLIND, "whole"))
    for path, title in wanted:
        cases = read_cases(path)
        chosen = [each for each in cases if title == "whole" or each.side is Side(title)]
        name = f"{path.stem}, {title}"
        figures = measure(chosen, detector)
        print("\n".join(rows(name, figures)))
        print("\n".join(kinds(figures)))
        if asked.wrong and title != "test" and path != _BLIND:
            print("\n".join(wrong(figures)))
        below += [f"{name}: {line}" for line in shortfalls(figures)]
    print("\n".join(f"BELOW {line}" for line in below) or "all figures reached")
    return 1 if below else 0


def _learn(asked: argparse.Namespace) -> int:
    """The sets that measure give only their tune side; the others are spent, and learnt whole."""
    labelled = [
        (case.text, case.service or KINDS[0])
        for path in asked.set
        for case in read_cases(path)
        if case.side is Side.TUNE or path not in _MEASURES
    ]
    complaints = [text for path in asked.harmless for text in read_texts(path)]
    lessons = course(
        Detector(read([CUES])), labelled, read_lessons(asked.lessons, KINDS), complaints
    )
    kept = save(WEIGHTS, *fit(lessons))
    print(f"{len(lessons)} sentences, {kept} weights -> {WEIGHTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
