import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from asr.choose import NoModel, chosen_model
from asr.models import ModelRefused, install_zip, installed, join_whisper
from asr.settings import ModelSettings
from tests.asr.conftest import korean_model


def zipped(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


def refuse(archive: Path, store: Path) -> str:
    with pytest.raises(ModelRefused) as refused:
        install_zip(archive, store, tell=lambda _: None)
    assert list(store.glob("[!.]*")) == []
    assert list(store.glob(".*")) == []
    return str(refused.value)


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "model/../../evil", "..\\evil"])
def test_an_archive_cannot_write_outside_its_place(tmp_path: Path, name: str) -> None:
    archive = zipped(tmp_path / "m.zip", **{name: b"x"})

    assert "outside its place" in refuse(archive, tmp_path / "store")


def test_an_archive_cannot_bring_links(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("model/am")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        archive.writestr(link, "/etc")

    assert "link" in refuse(tmp_path / "m.zip", tmp_path / "store")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "m.zip", model__am__final=bytes(30_000_000))

    assert "bomb" in refuse(archive, tmp_path / "store")


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + bytes(50)])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.zip").write_bytes(content)

    assert "cannot be unpacked" in refuse(tmp_path / "m.zip", tmp_path / "store")


def test_an_archive_without_a_model_is_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "m.zip", letters__a=b"x")

    assert "holds no Vosk model" in refuse(archive, tmp_path / "store")


def test_a_broken_model_is_tried_and_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "m.zip", model__am__final=b"x", model__conf__mfcc=b"y")

    assert "breaks when it is tried" in refuse(archive, tmp_path / "store")


def test_a_good_model_is_installed_and_used(tmp_path: Path) -> None:
    shutil.copytree(
        korean_model(), tmp_path / "in" / "vosk-model-own", copy_function=shutil.copyfile
    )
    archive = shutil.make_archive(str(tmp_path / "m"), "zip", tmp_path / "in", "vosk-model-own")

    install_zip(Path(archive), tmp_path / "store", tell=lambda _: None)

    listed = installed(ModelSettings(models=tmp_path / "store", asr_engine="auto"))
    assert [(m.engine, m.name, m.in_use) for m in listed] == [("vosk", "vosk-model-own", True)]


def test_whisper_is_joined_once_and_used_where_there_is_no_other(models: Path) -> None:
    told: list[str] = []
    join_whisper(models, tell=told.append)

    assert told == ["whisper-base: already there"]
    assert chosen_model(ModelSettings(models=models))[0] == "whisper"


def test_a_missing_model_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match="models join"):
        chosen_model(ModelSettings(models=tmp_path))
    with pytest.raises(NoModel, match="HOTLINE_ASR_ENGINE=whisper"):
        chosen_model(ModelSettings(models=tmp_path, asr_engine="vosk"))
