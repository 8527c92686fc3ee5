"""Calls as a capture of the trunk tells them, from SIP as Asterisk writes it."""

from hotline.trunk_calls import TrunkCall, calls_in
from hotline.trunk_capture import Packet

EXCHANGE, HOTLINE = 5070, 5060


def request(at: float, method: str, call: str = "a", to_port: int = EXCHANGE) -> Packet:
    line = f"{method} sip:13900000001@127.0.0.2:5070 SIP/2.0"
    return Packet(at, to_port, f"{line}\r\nCall-ID: {call}\r\nCSeq: 1 {method}\r\n\r\n")


def answer(at: float, status: str, method: str = "INVITE", call: str = "a") -> Packet:
    text = f"SIP/2.0 {status}\r\nCall-ID: {call}\r\nCSeq: 1 {method}\r\n\r\n"
    return Packet(at, HOTLINE, text)


def test_an_answered_call_lasts_from_its_invite_to_the_first_bye() -> None:
    seen = [
        request(1.0, "INVITE"),
        answer(1.1, "100 Trying"),
        answer(1.2, "180 Ringing"),
        answer(3.0, "200 OK"),
        request(3.1, "ACK"),
        request(9.0, "BYE", to_port=HOTLINE),
        answer(9.1, "200 OK", "BYE"),
    ]

    assert calls_in(seen, EXCHANGE) == [TrunkCall("13900000001", 1.0, 3.0, 9.0)]


def test_what_is_sent_again_is_one_call() -> None:
    seen = [request(1.0, "INVITE"), request(1.5, "INVITE"), answer(2.0, "486 Busy Here")]

    assert calls_in(seen, EXCHANGE) == [TrunkCall("13900000001", 1.0, None, 2.0)]


def test_a_call_that_was_given_up_ends_with_the_answer_to_its_invite() -> None:
    seen = [
        request(1.0, "INVITE"),
        answer(1.2, "180 Ringing"),
        request(9.0, "CANCEL"),
        answer(9.1, "200 OK", "CANCEL"),
        answer(9.2, "487 Request Terminated"),
    ]

    assert calls_in(seen, EXCHANGE) == [TrunkCall("13900000001", 1.0, None, 9.2)]


def test_calls_of_citizens_and_what_is_no_call_are_left_out() -> None:
    seen = [
        request(1.0, "INVITE", "of a citizen", HOTLINE),
        request(2.0, "OPTIONS", "a look"),
        Packet(3.0, EXCHANGE, "\r\n\r\n"),
    ]

    assert calls_in(seen, EXCHANGE) == []
