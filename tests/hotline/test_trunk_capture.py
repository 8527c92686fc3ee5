"""A capture of real packets on the loopback interface."""

import socket
import time
from pathlib import Path

from hotline.trunk_capture import capturing, packets


def test_only_what_comes_from_or_goes_to_the_port_is_kept_once_and_in_order(
    tmp_path: Path,
) -> None:
    file = tmp_path / "trunk.pcap"
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as far,
    ):
        for one, host in ((ours, "127.0.0.2"), (other, "127.0.0.2"), (far, "127.0.0.1")):
            one.bind((host, 0))
        began = time.time()
        port, far_port = ours.getsockname()[1], far.getsockname()[1]

        with capturing(port, file):
            far.sendto(b"INVITE", ours.getsockname())
            far.sendto(b"nothing", other.getsockname())
            ours.sendto("您好".encode(), far.getsockname())
            wait_for(file, 2)

        found = list(packets(file))
    assert [one.text for one in found] == ["INVITE", "您好"]
    assert [one.to_port for one in found] == [port, far_port]
    assert all(began - 1 <= one.at <= time.time() + 1 for one in found)


def wait_for(file: Path, many: int) -> None:
    end = time.monotonic() + 10
    while len(list(packets(file))) < many and time.monotonic() < end:
        time.sleep(0.01)
