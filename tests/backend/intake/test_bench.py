"""The held-out sentences decide whether the fields are good enough."""

from pathlib import Path

import pytest

from backend.intake.bench import GATES, HELD_OUT, main, measure
from backend.intake.dataset import read
from backend.intake.noise import noisy


def test_every_field_passes_its_gate_on_the_held_out_side() -> None:
    figures = measure(read(HELD_OUT))

    for field, gate in GATES.items():
        assert figures[field] >= gate, (field, figures[field])
    assert figures["category_when_proposed"] >= 0.93


def test_words_misheard_at_every_seventh_character_still_give_usable_fields() -> None:
    figures = measure(read(HELD_OUT), noisy)

    assert figures["category"] >= 0.82
    assert figures["district"] >= 0.94
    assert figures["place"] >= 0.90


def test_the_noise_is_the_same_every_time_and_replaces_about_a_seventh() -> None:
    texts = [sentence.text for sentence in read(HELD_OUT)]

    changed = sum(a != b for text in texts for a, b in zip(text, noisy(text), strict=True))

    assert [noisy(text) for text in texts] == [noisy(text) for text in texts]
    assert 0.10 <= changed / sum(map(len, texts)) <= 0.18


def test_the_bench_leaves_with_one_when_a_field_is_under_its_gate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.tsv"
    heading = "id\ttext\tkind\tcategory\tdistrict\tplace\tacceptable\tcontact\n"
    wrong.write_text(heading + "1\t莲池区停水了\t求助\t旅游\t蠡县\t\tyes\t\n", encoding="utf-8")

    code = main(["--file", str(wrong), "--show"])

    assert code == 1
    assert '"missed": ["category", "district"' in capsys.readouterr().out
