"""A SIP caller of bare bytes: says what no decent telephone would."""

import asyncio
import socket
from uuid import uuid4


async def call(
    source: str, target: tuple[str, int], from_header: bytes, stays_seconds: float
) -> list[int]:
    """Call 12345 with this From header, stay, hang up; returns the statuses that came back."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((source, 0))
        line.setblocking(False)
        port = line.getsockname()[1]
        call_id = uuid4().hex
        await loop.sock_sendto(line, _invite(source, port, call_id, from_header), target)
        statuses: list[int] = []
        to = b""
        async with asyncio.timeout(5):
            while not statuses or statuses[-1] < 200:
                reply = await loop.sock_recv(line, 65536)
                statuses.append(int(reply.split(b" ", 2)[1]))
                to = next(x for x in reply.split(b"\r\n") if x.lower().startswith(b"to:"))
        for method in (b"ACK", b"BYE") if statuses[-1] == 200 else (b"ACK",):
            request = _request(method, source, port, call_id, from_header, to)
            await loop.sock_sendto(line, request, target)
            await asyncio.sleep(stays_seconds if method == b"ACK" else 0.1)
        return statuses


def _invite(source: str, port: int, call_id: str, from_header: bytes) -> bytes:
    body = (
        f"v=0\r\no=- 1 1 IN IP4 {source}\r\ns=-\r\nc=IN IP4 {source}\r\nt=0 0\r\n"
        "m=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
    ).encode()
    head = _request(b"INVITE", source, port, call_id, from_header, b"To: <sip:12345@127.0.0.1>")
    content = b"Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n" % len(body)
    return head.replace(b"Content-Length: 0\r\n\r\n", content) + body


def _request(
    method: bytes, source: str, port: int, call_id: str, from_header: bytes, to: bytes
) -> bytes:
    here = f"{source}:{port}".encode()
    number = {b"INVITE": b"1", b"ACK": b"1", b"BYE": b"2"}[method]
    return b"\r\n".join(
        [
            method + b" sip:12345@127.0.0.1 SIP/2.0",
            b"Via: SIP/2.0/UDP " + here + b";branch=z9hG4bK" + uuid4().hex.encode(),
            b"From: " + from_header + b";tag=1",
            to,
            b"Call-ID: " + call_id.encode(),
            b"CSeq: " + number + b" " + method,
            b"Contact: <sip:caller@" + here + b">",
            b"Max-Forwards: 70",
            b"Content-Length: 0",
            b"",
            b"",
        ]
    )
