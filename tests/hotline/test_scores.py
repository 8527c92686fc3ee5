from typing import Any

import pytest

from hotline.scores import Case, agrees, by_voice, character_errors, score


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("暖气三天不热", "暖气三天不热", 0),
        ("暖气三天不热", "暖气，3天不热。", 0),
        ("电话一三八", "电话幺三八", 0),
        ("着火了", "找火轮", 2),
        ("着火了", "", 3),
    ],
)
def test_only_what_is_spoken_counts(said: str, heard: str, errors: int) -> None:
    assert character_errors(said, heard)[0] == errors


def test_a_place_is_right_when_the_label_stands_in_it() -> None:
    assert agrees("place", "裕华路", {"ticket": {"place": "裕华路100号"}})
    assert not agrees("place", "裕华路", {"ticket": {"place": "七一路"}})


def test_no_ticket_is_wrong_for_every_labelled_field() -> None:
    assert not agrees("category", "供热", {"ticket": None})


def test_an_empty_label_of_an_emergency_wants_none() -> None:
    assert agrees("emergency", "", {"emergency": None})
    assert not agrees("emergency", "", {"emergency": {"service": "119"}})


def test_the_rate_of_a_set_is_pooled_over_its_characters() -> None:
    cases = [Case("1", "停水", "1.wav", {"category": "供水"}), Case("2", "路灯不亮了", "2.wav", {})]
    got: list[dict[str, Any]] = [
        {"transcript": "停水", "ticket": {"category": "供水"}},
        {"transcript": "路灯不亮", "ticket": None},
    ]

    total = score(cases, got)

    assert total.cer == pytest.approx(1 / 7)
    assert total.right["category"] == (1, 1)


def test_each_voice_of_a_set_is_scored_alone() -> None:
    cases = [
        Case("1", "停水", "1.wav", {}, "he at 0.9"),
        Case("2", "停电", "2.wav", {}, "she at 1.0"),
        Case("3", "漏水", "3.wav", {}, "he at 0.9"),
    ]
    got = [{"transcript": "停水"}, {"transcript": "停"}, {"transcript": "漏了"}]

    alone = by_voice(cases, got)

    assert {voice: (one.cer, one.cases) for voice, one in alone.items()} == {
        "he at 0.9": (0.25, 2),
        "she at 1.0": (0.5, 1),
    }


def test_a_set_that_does_not_tell_its_voices_has_no_scores_of_them() -> None:
    assert by_voice([Case("1", "停水", "1.wav", {})], [{"transcript": ""}]) == {}
