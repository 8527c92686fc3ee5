"""Who is calling, as far as the telephone network says."""

from dataclasses import dataclass
from urllib.parse import unquote_to_bytes
from uuid import UUID, uuid4

from agi.protocol import Line


@dataclass(frozen=True, slots=True)
class Party:
    """Who is calling, as far as the telephone network says. Never proof of identity."""

    call_id: str
    caller: str
    caller_name: str
    called: str
    sip_call_id: str
    channel: str


_PARTY = "|".join(
    f"${{URIENCODE(${{{variable}}})}}"
    for variable in (
        "HOTLINE_CALL_ID",
        "CALLERID(num)",
        "CALLERID(name)",
        "EXTEN",
        "CHANNEL(pjsip,call-id)",
    )
)


def read_party(line: Line) -> Party:
    """Ask who is calling; every part may be hostile and comes back harmless and short."""
    parts = [_clean(part) for part in line.evaluate(_PARTY).split("|")]
    call_id, caller, name, called, sip_call_id = (parts + [""] * 5)[:5]
    return Party(
        call_id=_uuid(call_id),
        caller=_digits(caller),
        caller_name=name[:80],
        called=_digits(called),
        sip_call_id=sip_call_id[:200],
        channel=_clean(line.environment.get("agi_channel", ""))[:80],
    )


def _clean(encoded: str) -> str:
    """Undo URIENCODE and drop what no name holds: control characters and broken UTF-8."""
    text = unquote_to_bytes(encoded).decode("utf-8", "replace")
    return "".join(c for c in text if c.isprintable())


def _digits(number: str) -> str:
    return "".join(c for c in number if c in "+0123456789")[:32]


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return str(uuid4())
