"""Check the line: place one real call through the trunk and tell all that came of it."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from hotline import exchange_sound
from hotline.exchange import Exchange, ExchangeError, Key
from hotline.exchange_leg import PlacedCall
from hotline.instance import PREFIX

Env = Mapping[str, str]
Json = dict[str, Any]

PRESS = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?)s?:([0-9*#A-D]{1,32})")
BETWEEN_KEYS_SECONDS = 0.25
RECORD_WAIT_SECONDS = 60.0
"""How long after the end of the call its record and its ticket may take."""

TICKET_FIELDS = (
    "kind",
    "acceptable",
    "reason",
    "category",
    "district",
    "place",
    "contact",
    "tier",
    "unit",
    "confidences",
)


async def call(
    env: Env,
    wav: Path | None,
    *,
    caller: str = "13800000000",
    keys: str = "",
    delay: float = 6.0,
    hangup: float | None = None,
    wait_seconds: float = RECORD_WAIT_SECONDS,
) -> Json:
    """Place a call that speaks the WAV, wait for its record, and return the line to print.

    ``keys`` reads like ``2s:1,4s:119``; ``delay``, ``hangup`` and the keys' times count in seconds
    from the answer. Raises InstanceError (one line with the remedy) when the WAV or a number
    cannot be used, or when the system is down.
    """
    presses = read_keys(keys)
    if wav:
        await asyncio.to_thread(exchange_sound.read, wav)
    base, token = _backend(env), _token(env)
    await _asterisk_up(env)
    async with httpx.AsyncClient(base_url=base, headers=token, timeout=5) as backend:
        await _backend_up(backend)
        async with Exchange(env) as exchange:
            placed = await exchange.place(
                caller=caller, wav=wav, delay=delay, keys=presses, hangup=hangup
            )
        if placed.answered_at is None:
            raise ExchangeError(
                f"the hotline did not answer the call ({placed.cause}): see `hotline status`"
            )
        return told(placed, await record(backend, placed.sip_call_id, wait_seconds))


def read_keys(text: str) -> Sequence[Key]:
    """Read ``2s:1,4s:119`` as key presses; several keys at one time follow each other."""
    presses: list[Key] = []
    for part in re.split(r"[,\s]+", text.strip()) if text.strip() else ():
        found = PRESS.fullmatch(part)
        if not found:
            raise ExchangeError(
                f"KEYS: {part!r} is not a key press: write seconds and keys as in 2s:1 or 2s:9,4s:1"
            )
        begins = float(found[1])
        presses += [(begins + i * BETWEEN_KEYS_SECONDS, key) for i, key in enumerate(found[2])]
    return presses


async def record(backend: httpx.AsyncClient, sip_call_id: str, wait_seconds: float) -> Json | None:
    """Ask the backend for the call until nothing more is to come of it; None if it knows none."""
    until = time.monotonic() + wait_seconds
    found: Json | None = None
    while True:
        try:
            reply = await backend.get("/api/calls", params={"sip_call_id": sip_call_id})
        except httpx.HTTPError:
            reply = None
        if reply is not None and reply.status_code == 200:
            found = reply.json()
            if complete(found):
                return found
        elif reply is not None and reply.status_code in (401, 403):
            raise ExchangeError(
                f"the backend refuses {PREFIX}SERVICE_TOKEN: restart it with `make down up`"
            )
        if time.monotonic() > until:
            return found
        await asyncio.sleep(0.3)


def complete(row: Json) -> bool:
    """Tell whether a call is closed, its words known, and its ticket there or none to come.

    A caller who left unserved may still be found to have spoken, once the recording is there.
    """
    if row["outcome"] is None or row["pending"]:
        return False
    if row["needs_call_back"] and not row["recordings"]:
        return False
    return bool(row["ticket"] or not (row["transcript"] or row["emergency"]))


def told(placed: PlacedCall, row: Json | None) -> Json:
    """Make the line to print; times in seconds from the INVITE, null where nothing happened."""
    row = row or {}
    times = row.get("times") or {}

    def since(moment: float | None) -> float | None:
        return None if moment is None else round(moment - placed.invited_at, 3)

    return {
        "call_id": row.get("call_id"),
        "outcome": row.get("outcome"),
        "heard": str(placed.heard),
        "transcript": row.get("transcript"),
        "ticket": _ticket(row.get("ticket")),
        "emergency": _emergency(row.get("emergency"), since),
        "timings": {
            "answered": since(placed.answered_at),
            "first_sound": since(placed.first_sound_at),
            **{name: since(times.get(name)) for name in ("speech_end", "final_text", "ticket")},
        },
    }


def _ticket(ticket: Json | None) -> Json | None:
    if not ticket:
        return None
    return {"number": ticket["number"], **{n: ticket["fields"].get(n) for n in TICKET_FIELDS}}


def _emergency(emergency: Json | None, since: Any) -> Json | None:
    if not emergency:
        return None
    moments = ("decided_at", "dialled_at", "answered_at")
    return {
        "service": emergency["service"],
        "cue": emergency["cue"],
        **{name: since(emergency.get(name)) for name in moments},
    }


def _setting(env: Env, name: str) -> str:
    if not env.get(f"{PREFIX}{name}"):
        raise ExchangeError(f"{PREFIX}{name} is not set: run `hotline init`")
    return env[f"{PREFIX}{name}"]


def _backend(env: Env) -> str:
    host = env.get(f"{PREFIX}BACKEND_HOST", "127.0.0.1")
    return f"http://{host}:{_setting(env, 'BACKEND_PORT')}"


def _token(env: Env) -> dict[str, str]:
    return {"Authorization": f"Bearer {_setting(env, 'SERVICE_TOKEN')}"}


async def _backend_up(backend: httpx.AsyncClient) -> None:
    try:
        await backend.get("/health")
    except httpx.HTTPError:
        raise ExchangeError(
            f"the backend does not answer at port {backend.base_url.port}: start it with `make up`"
        ) from None


async def _asterisk_up(env: Env) -> None:
    port = int(_setting(env, "AMI_PORT"))
    try:
        async with asyncio.timeout(3):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
    except (OSError, TimeoutError):
        raise ExchangeError(
            f"asterisk does not answer at port {port}: start it with `make up`"
        ) from None
    writer.close()
