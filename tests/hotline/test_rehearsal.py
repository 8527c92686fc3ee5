"""What a rehearsal counts as served, and where a measurement begins to count."""

import numpy as np
import pytest

from hotline.bench_emergency import first_word_end
from hotline.instance import InstanceError
from hotline.rehearsal import Seen
from hotline.rehearse import chosen

GOOD = Seen("busy", "connected", ("emergency.raised",), "2611240001", ("busy", "answered"), False)


def test_a_served_citizen_is_one_line_of_the_table() -> None:
    assert GOOD.good
    assert GOOD.told().split() == ["busy", "connected", "1", "2611240001", "no", "busy", "answered"]


@pytest.mark.parametrize(
    "seen",
    [
        Seen("busy", "", ("a",), "1", (), False),
        Seen("busy", "told", (), "1", (), False),
        Seen("busy", "told", ("a",), None, (), False),
        Seen("busy", "connected", ("a",), "1", (), True),
    ],
)
def test_whatever_is_missing_makes_a_row_fail(seen: Seen) -> None:
    assert not seen.good


def test_rows_are_chosen_by_name_and_a_name_that_is_none_is_told() -> None:
    assert [[row.__name__ for row in group] for group in chosen(["busy", "fifty_calls"])] == [
        ["busy"],
        ["fifty_calls"],
    ]
    assert len(chosen([])) > 5
    with pytest.raises(InstanceError, match="no such row: meteor; choose among busy"):
        chosen(["meteor"])


def test_the_first_word_ends_at_the_first_pause() -> None:
    at = np.arange(8000) / 8000
    tone = (8000 * np.sin(2 * np.pi * 300 * at)).astype(np.int16)
    quiet = np.zeros(1600, dtype=np.int16)
    line = np.concatenate([quiet, tone[:4800], quiet[:400], tone[:2400], quiet, tone])

    # A stop within a word is shorter than a pause between two.
    assert first_word_end(line) == pytest.approx(1.15, abs=0.02)
