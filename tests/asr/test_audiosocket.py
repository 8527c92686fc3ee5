import struct
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.audiosocket import (
    HungUp,
    Identity,
    Key,
    Kind,
    Sound,
    Unpacker,
    WireError,
    sound_frame,
)


def frame(kind: int, payload: bytes) -> bytes:
    return struct.pack(">BH", kind, len(payload)) + payload


def test_frames_cut_anywhere_give_the_same_events() -> None:
    identity = uuid4()
    wire = frame(1, identity.bytes) + frame(0x10, b"\1\0" * 160) + frame(3, b"#") + b"\0\0\0"

    unpacker = Unpacker()
    events = [event for byte in wire for event in unpacker.feed(bytes([byte]))]

    assert events == [Identity(identity), Sound(b"\1\0" * 160), Key("#"), HungUp()]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (frame(0x10, b"odd"), "half a sample"),
        (frame(1, b"short"), "identity of 5 bytes"),
        (frame(3, b"xx"), "no key"),
        (frame(3, b""), "no key"),
        (frame(3, b"\n"), "no key"),
        (frame(0x42, b""), "unknown kind of frame 0x42"),
        (struct.pack(">BH", 0x10, 65535), "65535 bytes"),
    ],
)
def test_a_wrong_frame_is_named(wrong: bytes, why: str) -> None:
    with pytest.raises(WireError, match=why):
        list(Unpacker().feed(wrong))


@given(st.lists(st.binary(max_size=700), max_size=8))
def test_no_bytes_do_more_than_raise_a_wire_error(pieces: list[bytes]) -> None:
    unpacker = Unpacker()

    try:
        for piece in pieces:
            list(unpacker.feed(piece))
    except WireError:
        pass

    assert len(unpacker._held) < 3 + 8192 + 700


@given(st.binary(min_size=2, max_size=640).filter(lambda b: len(b) % 2 == 0))
def test_sound_comes_back_as_it_was_written(samples: bytes) -> None:
    assert list(Unpacker().feed(sound_frame(samples))) == [Sound(samples)]


def test_a_sound_frame_is_one_piece_of_20_ms() -> None:
    assert sound_frame(bytes(320))[:3] == bytes([Kind.SOUND, 1, 64])


def test_what_came_before_a_wrong_frame_is_given() -> None:
    events = Unpacker().feed(frame(3, b"5") + frame(0x42, b""))

    assert next(events) == Key("5")
    with pytest.raises(WireError):
        next(events)
