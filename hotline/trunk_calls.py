"""The calls a capture of the trunk shows: to whom, when begun, answered, and ended."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hotline.trunk_capture import Packet, packets

_REQUEST = re.compile(r"([A-Z]+) sips?:([^@;> ]*)[^ ]* SIP/2\.0")
_ANSWER = re.compile(r"SIP/2\.0 ([1-6]\d\d)")
_CALL = re.compile(r"^(?:Call-ID|i)[ \t]*:[ \t]*(\S+)", re.MULTILINE | re.IGNORECASE)
_ORDER = re.compile(r"^CSeq[ \t]*:[ \t]*\d+[ \t]+([A-Z]+)", re.MULTILINE | re.IGNORECASE)


@dataclass(slots=True)
class TrunkCall:
    """One call that left the hotline; times are epoch seconds, None where it was not seen."""

    number: str
    invited_at: float
    answered_at: float | None = None
    ended_at: float | None = None


def outgoing(file: Path, port: int) -> list[TrunkCall]:
    """Read from a capture the calls to the exchange at this port, in the order of their INVITE."""
    return calls_in(packets(file), port)


def calls_in(seen: Iterable[Packet], port: int) -> list[TrunkCall]:
    """Follow the calls to a port; what is sent again changes nothing."""
    calls: dict[str, TrunkCall] = {}
    for packet in seen:
        key, order = _CALL.search(packet.text), _ORDER.search(packet.text)
        if key is None or order is None:
            continue
        call = calls.get(key[1])
        if request := _REQUEST.match(packet.text):
            if request[1] == "INVITE" and call is None and packet.to_port == port:
                calls[key[1]] = TrunkCall(request[2], packet.at)
            elif request[1] == "BYE" and call:
                call.ended_at = call.ended_at or packet.at
        elif call and order[1].upper() == "INVITE":
            _answer(call, packet)
    return list(calls.values())


def _answer(call: TrunkCall, packet: Packet) -> None:
    status = _ANSWER.match(packet.text)
    if status is None or status[1][0] == "1":
        return
    if status[1][0] == "2":
        call.answered_at = call.answered_at or packet.at
    else:
        call.ended_at = call.ended_at or packet.at
