from pathlib import Path

import pytest

from ivr_flows.emergency import CUES, CueFileError, Decision, load

KOREAN = """
order: ["119", "110"]
wait_characters: 0
cues:
  - {service: "119", what: 불, sure: certain, critical: true, phrases: [불이 났어요]}
  - {service: "110", what: 칼, sure: doubtful, phrases: [칼]}
weakens:
  - {kind: past, force: strong, before: 6, words: [작년에]}
"""


def written(directory: Path, text: str, name: str = "cues.yaml") -> Path:
    path = directory / name
    path.write_text(text, "utf-8")
    return path


def test_another_language_is_matched_as_written(tmp_path: Path) -> None:
    detector = load([written(tmp_path, KOREAN)], learnt=None)

    assert detector.detect("지금 불이 났어요", final=False).decision is Decision.CERTAIN
    assert detector.detect("칼").decision is Decision.DOUBTFUL
    assert detector.detect("작년에 불이 났어요").decision is Decision.NONE
    assert detector.detect("안녕하세요").decision is Decision.NONE


def test_an_extra_file_adds_to_the_built_in_cues(tmp_path: Path) -> None:
    detector = load([CUES, written(tmp_path, KOREAN)])

    assert detector.detect("불이 났어요").service == "119"
    assert detector.detect("我家着火了快来人").service == "119"


def test_all_faults_of_all_files_are_told_together_with_the_remedy(tmp_path: Path) -> None:
    one = written(
        tmp_path,
        """
cues:
  - {service: fire, what: a, sure: certain, phrases: [x]}
  - {service: "119", what: b, sure: perhaps, phrasess: [x]}
  - {service: "119", sure: certain, phrases: x}
""",
        "one.yaml",
    )
    two = written(
        tmp_path,
        """
words: {place: [家]}
traditional: 燒
cues:
  - {service: "119", what: c, sure: certain, phrases: ["{plaice}着火", "…着火"]}
""",
        "two.yaml",
    )

    with pytest.raises(CueFileError) as caught:
        load([one, two, tmp_path / "absent.yaml", written(tmp_path, "a: [", "three.yaml")])

    told = str(caught.value)
    for words in (
        "one.yaml: cues, entry 1, service:",
        "one.yaml: cues, entry 2, sure:",
        "one.yaml: cues, entry 2, phrasess: this name is not known here",
        "one.yaml: cues, entry 3, what: is missing; add it",
        "one.yaml: cues, entry 3, phrases: must be a list",
        "two.yaml: cues, entry 1 (c): '{plaice}着火' names words that are not listed: plaice",
        "'…着火' has an empty part",
        "characters must come in pairs",
        "absent.yaml: there is no such file",
        "three.yaml: is not YAML",
    ):
        assert words in told
    assert len(caught.value.faults) == 10


def test_a_file_without_cues_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CueFileError, match="nothing would ever be noticed"):
        load([written(tmp_path, "")])


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cues.yaml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(CueFileError, match="save it as UTF-8"):
        load([path])


def test_a_phrase_with_too_many_wordings_is_refused(tmp_path: Path) -> None:
    many = ", ".join(f"w{number}" for number in range(70))
    text = f"""
words: {{a: [{many}]}}
cues:
  - {{service: "119", what: a, sure: certain, phrases: ["{{a}}{{a}}"]}}
"""

    with pytest.raises(CueFileError, match="makes 4900 wordings; split it"):
        load([written(tmp_path, text)])
