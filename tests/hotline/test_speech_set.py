"""A spoken set: which sentences, in whose voice, and that its table says so."""

import csv
from pathlib import Path

import pytest

from hotline import speech_set
from hotline.bench_speech import read
from hotline.instance import InstanceError

HEADER = "id\ttext\tkind\tcategory\tdistrict\tplace\n"
ROWS = [f"{n}\t第{n}盏路灯不亮\t求助\t道路照明\t莲池区\t\n" for n in range(6)]


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, float]]:
    """Stands in for the voice: writes a file, and keeps what it was asked to say."""
    said: list[tuple[str, str, float]] = []

    def speak(text: str, output: Path, *, voice: str, speed: float) -> float:
        said.append((text, voice, speed))
        output.write_bytes(b"RIFF")
        return 1.0

    monkeypatch.setattr(speech_set, "speak", speak)
    return said


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    table = tmp_path / "labelled.tsv"
    table.write_text(HEADER + "".join(ROWS), encoding="utf-8")
    return table


def test_the_table_names_voice_and_speed_of_every_sentence(
    labelled: Path, tmp_path: Path, spoken: list[tuple[str, str, float]]
) -> None:
    told = list(speech_set.make(labelled, tmp_path / "set", 4))

    with (tmp_path / "set/cases.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [(r["text"], r["voice"], float(r["speed"])) for r in rows] == spoken
    assert {(r["voice"], float(r["speed"])) for r in rows} == set(speech_set.VOICES)
    assert all(f"{r['voice']} at {r['speed']}" in line for r, line in zip(rows, told, strict=True))
    assert {case.voice for case in read(tmp_path / "set")} == {
        f"{voice} at {speed}" for voice, speed in speech_set.VOICES
    }


def test_a_larger_set_begins_with_the_smaller_one_and_speaks_only_the_rest(
    labelled: Path, tmp_path: Path, spoken: list[tuple[str, str, float]]
) -> None:
    list(speech_set.make(labelled, tmp_path / "set", 2))
    first = list(spoken)

    list(speech_set.make(labelled, tmp_path / "set", 6))

    assert spoken[:2] == first
    assert len(spoken) == 6


def test_another_voice_speaks_anew(
    labelled: Path,
    tmp_path: Path,
    spoken: list[tuple[str, str, float]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    list(speech_set.make(labelled, tmp_path / "set", 1))
    monkeypatch.setattr(speech_set, "VOICES", (("another", 1.2),))

    list(speech_set.make(labelled, tmp_path / "set", 1))

    assert [voice for _, voice, _ in spoken][1:] == ["another"]


def test_a_missing_labelled_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(InstanceError, match=r"nowhere\.tsv"):
        list(speech_set.make(tmp_path / "nowhere.tsv", tmp_path / "set", 1))
