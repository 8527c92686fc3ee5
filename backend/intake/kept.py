"""Keeps fitted classifiers on disk, so that a program that starts again need not learn anew.

A file is good for exactly the sentences, code and libraries it was fitted with: its name is their
digest. Whatever is wrong with one, it is fitted again. It holds numbers and words only, nothing
that could run.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zipfile
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
import structlog

LOG = structlog.get_logger()
_HERE = Path(__file__).parent
_LIBRARIES = ("numpy", "scipy", "scikit-learn", "pypinyin", "jieba")
Arrays = dict[str, np.ndarray]


def load(name: str) -> Arrays | None:
    """What was kept under this name, or None when it is missing, other, or cannot be read."""
    try:
        with _file(name).open("rb") as file, np.load(file, allow_pickle=False) as kept:
            return {key: kept[key] for key in kept.files}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as fault:
        LOG.warning("intake.kept_unreadable", name=name, error=str(fault))
        return None


def save(name: str, arrays: Arrays) -> None:
    """Keep arrays under a name; where nothing can be written, the next start learns again."""
    file = _file(name)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, passing = tempfile.mkstemp(dir=file.parent, suffix=".new")
        try:
            with os.fdopen(handle, "wb") as written:
                np.savez(written, allow_pickle=False, **arrays)
            Path(passing).replace(file)
        finally:
            Path(passing).unlink(missing_ok=True)
        for old in file.parent.glob(f"{name}-*.npz"):
            if old != file:
                with contextlib.suppress(OSError):
                    old.unlink()
    except OSError as fault:
        LOG.warning("intake.not_kept", name=name, error=str(fault))


def _file(name: str) -> Path:
    models = os.environ.get("HOTLINE_MODELS") or str(_HERE.parents[1] / "var" / "models")
    return Path(models) / "intake" / f"{name}-{_digest()}.npz"


@lru_cache(maxsize=1)
def _digest() -> str:
    """The digest of all that a fit depends on."""
    digest = hashlib.sha256()
    for file in sorted([*_HERE.glob("*.py"), *(_HERE / "data").rglob("*")]):
        if file.is_file():
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\0".encode())
    return digest.hexdigest()[:24]
