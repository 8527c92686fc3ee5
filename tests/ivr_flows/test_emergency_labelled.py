from collections import Counter
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from ivr_flows.emergency import CUES, Decision, load
from ivr_flows.emergency.bench import measure, shortfalls
from ivr_flows.emergency.labelled import LabelledSetError, Side, read_cases, read_texts, side

DATA = Path(__file__).parent.parent / "data"
CASES = read_cases(DATA / "emergency.tsv")
WIDE = read_cases(DATA / "emergency_wide.tsv")

HEAD = "\t".join(("id", "text", "label", "service", "also", "critical", "note"))
SIDES = [Side.TEST, Side.TUNE, Side.TEST, Side.TEST, Side.TEST]


def still() -> float:
    return 0.0


def test_the_side_of_a_case_is_fixed_by_its_id() -> None:
    sides = [side(each) for each in ("e001", "e002", "e003", "h001", "h002")]

    assert sides == SIDES


def test_the_set_is_large_enough_and_both_sides_share_it() -> None:
    emergencies = [case for case in CASES if not case.harmless]
    sides = Counter(case.side for case in CASES)

    assert len(emergencies) >= 220
    assert len(CASES) - len(emergencies) >= 450
    assert min(sides.values()) > len(CASES) * 0.4
    assert len({case.id for case in CASES}) == len(CASES)
    assert len({case.text for case in CASES}) == len(CASES)


def test_every_emergency_names_its_service_and_no_harmless_sentence_does() -> None:
    assert all((case.service is None) == case.harmless for case in CASES)


def test_no_sentence_has_a_near_copy_on_the_other_side() -> None:
    tune = [case.text for case in CASES if case.side is Side.TUNE]
    test = [case.text for case in CASES if case.side is Side.TEST]

    near = [
        (text, found)
        for text in test
        if (found := process.extractOne(text, tune, scorer=fuzz.ratio, score_cutoff=80))
    ]

    assert near == []


@pytest.mark.parametrize("which", list(Side))
def test_both_sides_reach_what_must_be_reached(which: Side) -> None:
    chosen = [case for case in CASES if case.side is which]

    assert list(shortfalls(measure(chosen, load([CUES]), clock=still))) == []


def test_the_wide_set_is_large_and_keeps_each_variant_beside_its_sentence() -> None:
    emergencies = [case for case in WIDE if not case.harmless]
    sides = {case.id: case.side for case in WIDE}

    assert len(emergencies) >= 600
    assert len(WIDE) - len(emergencies) >= 1200
    assert all(sides[each] is sides[each.partition("~")[0]] for each in sides)
    assert all((case.service is None) == case.harmless for case in WIDE)


def test_what_was_reached_on_the_wide_set_is_not_lost_again() -> None:
    """It falls short of what must be reached, as its bench says; this holds what there is."""
    figures = measure([case for case in WIDE if case.side is Side.TEST], load([CUES]), clock=still)

    assert figures.recall >= 0.95
    assert figures.critical_recall >= 0.96
    assert len(figures.certain_false) <= figures.harmless * 0.0125
    assert len(figures.asked_needlessly) <= figures.harmless * 0.07


def test_a_detector_that_hears_nothing_falls_short(tmp_path: Path) -> None:
    book = tmp_path / "deaf.yaml"
    book.write_text('cues: [{service: "119", what: x, sure: certain, phrases: [qqqq]}]', "utf-8")
    emergencies = [case for case in CASES if case.label is Decision.CERTAIN][:20]

    below = list(shortfalls(measure(emergencies, load([book], learnt=None), clock=still)))

    assert any("critical" in line for line in below)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"{HEAD}\nx1\t着火了\tmaybe\t119\t\tyes\tfire\n", "line 2: label must be"),
        (f"{HEAD}\nx1\t着火了\n", "line 2: needs 7 columns"),
        ("id\ttext\n", "the first line must be"),
    ],
)
def test_a_broken_set_is_named_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    broken = tmp_path / "broken.tsv"
    broken.write_text(text, "utf-8")

    with pytest.raises(LabelledSetError, match=fault):
        read_cases(broken)


def test_an_absent_set_and_a_table_without_text_are_named(tmp_path: Path) -> None:
    table = tmp_path / "table.tsv"
    table.write_text("id\twords\n", "utf-8")

    with pytest.raises(LabelledSetError, match="cannot be read"):
        read_cases(tmp_path / "absent.tsv")
    with pytest.raises(LabelledSetError, match="no column named text"):
        read_texts(table)
