"""By which routes a service is rung, and what it hears before the caller is connected."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from agi.call import carry
from agi.hotline import Hotline
from agi.transfer import Routes, neighbour
from ivr_flows.loader import load_book
from tests.fakes import PARTY, FakeBackend, FakeJournal, FakePhone, FakeRecogniser, Story

BOOK = load_book()
NUMBERS = {"110": ("110",), "119": ("119", "0312119@second"), "120": ("120",), "122": ("122",)}
FIRE = {"plays": "greeting", "says": "定州城里着火了有人受伤", "certain": "119", "also": ["120"]}
ANSWERED = {"number": "119", "result": "answered"}


def danger(
    media: Path, routes: Routes, dials: list[dict[str, Any]], *, backend_away: bool = False
) -> tuple[FakePhone, list[str]]:
    """Carry one call that tells of a fire; give its phone and the sentences made for it."""
    story = Story([dict(FIRE)], BOOK.prompts)
    recogniser, made = FakeRecogniser(story), list[str]()
    phone = FakePhone(story, recogniser, media, dials=dials)

    def speech(text: str, within_seconds: float = 1.5) -> str:
        made.append(text)
        (media / "speech").mkdir(exist_ok=True)
        (media / "speech" / "made.wav").write_bytes(b"RIFF")
        return "speech/made"

    recogniser.speech = speech  # type: ignore[method-assign]
    with ThreadPoolExecutor(1) as helpers:
        backend = FakeBackend(away=backend_away)
        hotline = Hotline(BOOK, recogniser, backend, FakeJournal(), routes, media, helpers)
        carry(phone, hotline, "inbound")
    return phone, made


def test_routes_are_tried_in_order_each_by_its_trunk(tmp_path: Path) -> None:
    second = {"number": "0312119", "result": "answered"}

    phone, _ = danger(tmp_path, Routes(NUMBERS), [{"number": "119", "result": "busy"}, second])

    assert phone.dialled == ["119", "0312119@second"]


def test_the_service_of_a_neighbour_city_is_rung_first(tmp_path: Path) -> None:
    routes = Routes(NUMBERS, neighbours={"定州": "0319"})

    phone, _ = danger(tmp_path, routes, [{"number": "0319119", "result": "busy"}, ANSWERED])

    assert phone.dialled == ["0319119", "119"]


@pytest.mark.parametrize(
    ("said", "prefix"),
    [
        ("我在定州城里", "0319"),
        ("定州这边着火了", "0319"),
        ("定州路着火了", None),
        ("定州东街着火了", None),
        ("着火了", None),
    ],
)
def test_a_street_named_after_a_city_is_not_that_city(said: str, prefix: str | None) -> None:
    assert neighbour(said, {"定州": "0319"}) == prefix


def test_a_second_service_joins_the_talk_where_lines_allow(tmp_path: Path) -> None:
    with_it, _ = danger(tmp_path, Routes(NUMBERS), [ANSWERED])
    without, _ = danger(tmp_path, Routes(NUMBERS, bridge_second=False), [ANSWERED])

    assert (with_it.seconds, without.seconds) == (["120"], [None])


def test_the_service_is_told_who_calls_from_where_and_what_was_said(tmp_path: Path) -> None:
    _, made = danger(tmp_path, Routes(NUMBERS), [ANSWERED])

    (text,) = made
    assert "来电幺三八，零零零零，零零零零" in text
    assert "莲池区裕华路" in text
    assert "着火了" in text
    assert len(text) < 50
    whisper = tmp_path / "speech" / f"whisper-{PARTY.call_id}.wav"
    assert whisper.read_bytes() == b"RIFF"


def test_the_service_is_told_who_calls_though_the_backend_is_away(tmp_path: Path) -> None:
    _, made = danger(tmp_path, Routes(NUMBERS), [ANSWERED], backend_away=True)

    assert "来电幺三八" in made[0]


def test_a_talk_has_no_time_limit_and_every_other_step_has_one(tmp_path: Path) -> None:
    phone, _ = danger(tmp_path, Routes(NUMBERS), [ANSWERED])

    assert phone.limits[-1] == 0
    assert all(60 <= limit <= 300 for limit in phone.limits[:-1])
