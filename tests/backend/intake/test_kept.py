import pickle
from pathlib import Path

import numpy as np
import pytest

from backend.intake import classifier, kept

SAID = "暖气三天不热了没人管"
TEXTS = ("暖气不热", "供热温度低", "路灯不亮", "路灯坏了没人修", "井盖丢了", "暖气片漏水")
LABELS = ("供热", "供热", "市政", "市政", "市政", "供热")


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOTLINE_MODELS", str(tmp_path))
    return tmp_path / "intake"


def fitted() -> classifier.Classifier:
    return classifier.fit(TEXTS, LABELS)[0]


def refuse() -> classifier.Classifier:
    raise AssertionError("fitted again")


def test_what_was_kept_answers_as_what_was_fitted(models: Path) -> None:
    fresh = classifier._known("matters", fitted)
    again = classifier._known("matters", refuse)

    assert again.probabilities(SAID) == fresh.probabilities(SAID)
    assert [file.stat().st_mode & 0o077 for file in models.iterdir()] == [0]


@pytest.mark.parametrize("harm", [b"", b"PK\x03\x04 torn", pickle.dumps({"names": [1]})])
def test_a_spoilt_file_is_fitted_again_and_replaced(models: Path, harm: bytes) -> None:
    classifier._known("matters", fitted)
    (file,) = models.iterdir()
    file.write_bytes(harm)

    assert classifier._known("matters", fitted).names == ("供热", "市政")
    assert classifier._known("matters", refuse).names == ("供热", "市政")


def test_other_sentences_or_code_are_fitted_again_and_the_old_file_goes(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.save("matters", {"names": np.array(["old"])})
    monkeypatch.setattr(kept, "_digest", lambda: "changed")

    assert kept.load("matters") is None
    classifier._known("matters", fitted)
    assert [file.name for file in models.iterdir()] == ["matters-changed.npz"]


def test_a_directory_that_cannot_be_written_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").write_text("a file where a directory should be")
    monkeypatch.setenv("HOTLINE_MODELS", str(tmp_path / "taken"))

    assert classifier._known("matters", fitted).names == ("供热", "市政")
