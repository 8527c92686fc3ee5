"""A capture of the trunk: every SIP packet between the hotline and the exchange, kept as a file.

The packets are taken from the loopback interface, beneath both Asterisks, so that what they tell
owes nothing to either's own log. The file is a pcap that any analyser opens.
"""

import ctypes
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from hotline.instance import InstanceError

Op = tuple[int, int, int, int]
ALL_PROTOCOLS, OUTGOING = 3, 4
SO_ATTACH_FILTER, SO_TIMESTAMPNS = 26, 35
LONGEST_PACKET = 65535
ROOM_BYTES = 8 << 20
HEAD = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, LONGEST_PACKET, 1)


@dataclass(frozen=True, slots=True)
class Packet:
    """When a packet came, as epoch seconds, to which port, and what it said."""

    at: float
    to_port: int
    text: str


@contextmanager
def capturing(port: int, file: Path) -> Iterator[None]:
    """Keep every UDP packet from or to a port of this machine in a file, until the end.

    Raises InstanceError when we may not look at the interface.
    """
    try:
        interface = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    except PermissionError:
        raise InstanceError("only root may capture the trunk: run it as root") from None
    over = threading.Event()
    with interface, file.open("wb", buffering=0) as out:
        _only(interface, port)
        interface.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM_BYTES)
        interface.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        interface.bind(("lo", ALL_PROTOCOLS))
        interface.settimeout(0.2)
        out.write(HEAD)
        keeper = threading.Thread(target=_keep, args=(interface, out, over), daemon=True)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join()


def packets(file: Path) -> Iterator[Packet]:
    """Read a capture, the oldest packet first."""
    data = memoryview(file.read_bytes())
    at = len(HEAD)
    while at + 16 <= len(data):
        seconds, micros, length, _ = struct.unpack_from("<IIII", data, at)
        frame = data[at + 16 : at + 16 + length]
        at += 16 + length
        udp = 14 + (frame[14] & 15) * 4
        (to_port,) = struct.unpack_from(">H", frame, udp + 2)
        text = bytes(frame[udp + 8 :]).decode("utf-8", "replace")
        yield Packet(seconds + micros / 1e6, to_port, text)


def _keep(interface: socket.socket, out: FileIO, over: threading.Event) -> None:
    while not over.is_set():
        try:
            frame, notes, _, sender = interface.recvmsg(LONGEST_PACKET, 64)
        except TimeoutError:
            continue
        if sender[2] == OUTGOING:
            continue  # the loopback interface shows each packet twice
        seconds, nanos = struct.unpack("qq", notes[0][2][:16])
        head = struct.pack("<IIII", seconds, nanos // 1000, len(frame), len(frame))
        out.write(head + frame)


def _only(interface: socket.socket, port: int) -> None:
    """Let the kernel pass UDP over IPv4 from or to this port, and nothing else."""
    ops: tuple[Op, ...] = (
        (0x28, 0, 0, 12),  # the kind of frame
        (0x15, 0, 8, 0x0800),
        (0x30, 0, 0, 23),  # the protocol
        (0x15, 0, 6, socket.IPPROTO_UDP),
        (0xB1, 0, 0, 14),  # where the IP header ends
        (0x48, 0, 0, 14),  # the port it came from
        (0x15, 2, 0, port),
        (0x48, 0, 0, 16),  # the port it goes to
        (0x15, 0, 1, port),
        (0x06, 0, 0, LONGEST_PACKET),
        (0x06, 0, 0, 0),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *op) for op in ops))
    program = struct.pack("HP", len(ops), ctypes.addressof(code))
    interface.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
