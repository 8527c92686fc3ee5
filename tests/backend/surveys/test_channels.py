"""How calls end, from events in every order in which call control may tell of them."""

import uuid

import pytest

from backend.surveys.channels import (
    ASKED,
    NEVER_MADE,
    OVERTAKEN_SECONDS,
    RINGING,
    UNHEARD_SECONDS,
    UP,
    Channels,
    Ending,
)

CALL = uuid.uuid4()
Event = dict[str, str]


def happened(kind: str, **more: str) -> Event:
    return {"Event": kind, "Uniqueid": str(CALL), "Channel": "PJSIP/trunk-1"} | more


MADE = happened("Newchannel", ChannelStateDesc="Down")
RINGS = happened("Newstate", ChannelStateDesc="Ringing")
ANSWERS = happened("Newstate", ChannelStateDesc="Up")
BUSY = happened("Hangup", Cause="17")
FAILED = {"Event": "OriginateResponse", "ActionID": "a", "Response": "Failure", "Reason": "5"}


@pytest.fixture
def channels() -> Channels:
    found = Channels("trunk")
    found.ask(CALL, 0.0)
    found.accepted(CALL, "a")
    return found


def told(channels: Channels, *events: Event, then: float = OVERTAKEN_SECONDS) -> list[Ending]:
    """Take in events at the first moment, and look again after `then` seconds."""
    ended = [ending for event in events if (ending := channels.take(event, 0.0))]
    return [*ended, *channels.never_made(then)]


@pytest.mark.parametrize(
    "events",
    [(MADE, BUSY, FAILED), (MADE, FAILED, BUSY), (FAILED, MADE, BUSY), (FAILED, MADE, RINGS, BUSY)],
)
def test_a_busy_line_is_told_once_and_by_its_own_cause(
    channels: Channels, events: tuple[Event, ...]
) -> None:
    found = told(channels, *events)

    assert [(one.call, one.cause) for one in found] == [(CALL, 17)]
    assert not channels.ours


def test_a_call_that_never_had_a_channel_ends_after_a_moment(channels: Channels) -> None:
    assert told(channels, FAILED, then=OVERTAKEN_SECONDS - 0.1) == []

    assert list(channels.never_made(OVERTAKEN_SECONDS)) == [Ending(CALL, NEVER_MADE, ASKED)]
    assert list(channels.never_made(OVERTAKEN_SECONDS)) == []


def test_a_call_of_which_nothing_is_heard_is_not_held_for_ever(channels: Channels) -> None:
    assert told(channels, then=UNHEARD_SECONDS - 0.1) == []

    assert list(channels.never_made(UNHEARD_SECONDS)) == [Ending(CALL, NEVER_MADE, ASKED)]


def test_an_answered_call_stays_answered_whatever_is_told_late(channels: Channels) -> None:
    told(channels, MADE, ANSWERS, RINGS, then=UNHEARD_SECONDS)

    assert channels.ours == {str(CALL): UP}
    assert channels.take(happened("Hangup", Cause="16"), 0.0) == Ending(CALL, 16, UP)


def test_a_call_that_rang_and_was_given_up_says_that_it_rang(channels: Channels) -> None:
    ended = told(channels, MADE, RINGS, happened("Hangup", Cause="0"), FAILED)

    assert ended == [Ending(CALL, 0, RINGING)]


def test_calls_of_citizens_on_the_trunk_are_counted_and_others_are_not(channels: Channels) -> None:
    citizen = {"Event": "Newchannel", "Uniqueid": "1.1", "Channel": "PJSIP/trunk-2"}
    seat = {"Event": "Newchannel", "Uniqueid": "1.2", "Channel": "PJSIP/seat-3"}
    told(channels, citizen, seat)

    assert channels.others == {"1.1"}
    channels.take({"Event": "Hangup", "Uniqueid": "1.1", "Cause": "16"}, 0.0)
    assert not channels.others
