"""What comes from a caller is hostile: here its name, as the telephone network may pass it on."""

import pytest

from tests.asterisk_conf import raw_sip
from tests.end_to_end.running import Hotline

NAMES = {
    "quotes": rb"\"); DROP TABLE calls; --",
    "expressions": b"${SHELL(touch /tmp/owned)}$[1+1]",
    "300 bytes": "长".encode() * 100,
    "no UTF-8": b"\xff\xfe\x00\xc3(".replace(b"\x00", b""),
    "commands": rb"x\nSET VARIABLE HOTLINE_DONE 1",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
async def test_a_hostile_name_gets_a_call_like_any_other(hotline: Hotline, name: bytes) -> None:
    target = ("127.0.0.1", int(hotline.setting("SIP_PORT")))
    before = set((hotline.media / "recordings").glob("*-caller.sln"))

    statuses = await raw_sip.call(
        "127.0.0.3", target, b'"' + name + b'" <sip:13800000031@127.0.0.3>', 3.0
    )

    assert statuses[-1] == 200
    (recording,) = set((hotline.media / "recordings").glob("*-caller.sln")) - before
    call_id = recording.name.removesuffix("-caller.sln")
    assert (await hotline.closed(call_id))["outcome"] == "hung_up"
