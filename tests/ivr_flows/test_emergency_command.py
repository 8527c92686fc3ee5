import json
from pathlib import Path

import pytest

from ivr_flows.emergency.__main__ import main

HEAD = "\t".join(("id", "text", "label", "service", "also", "critical", "note"))


def test_detect_prints_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["detect", "我家着火了快来人", "暖气不热"]) == 0

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["service"] for line in lines] == ["119", None]


def test_the_bench_fails_when_a_danger_is_missed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = tmp_path / "cases.tsv"
    cases.write_text(f"{HEAD}\nx1\t暖气不热三天了\tcertain\t119\t\tyes\twrong label\n", "utf-8")

    assert main(["bench", "--set", str(cases), "--side", "whole", "--wrong"]) == 1

    printed = capsys.readouterr().out
    assert "missed: x1" in printed
    assert "BELOW cases, whole: critical emergencies noticed 0.00%" in printed


def test_a_faulty_file_is_one_clear_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "--set", str(tmp_path / "absent.tsv")]) == 2
    assert main(["detect", "x", "--cues", str(tmp_path / "absent.yaml")]) == 2

    assert capsys.readouterr().err.count("absent") == 2
