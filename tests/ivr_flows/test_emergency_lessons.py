from pathlib import Path

import pytest

from ivr_flows.emergency.labelled import LabelledSetError
from ivr_flows.emergency.learnt import KINDS
from ivr_flows.emergency.lessons import read_lessons
from ivr_flows.emergency.misheard import Misheard
from ivr_flows.emergency.sound import readings

WRITTEN = Path(__file__).parent.parent / "data" / "emergency_lessons"
SLOTS = "who: 我妈|我爸\nopen: |喂\naddr: \nhelp: |快来\ntail: |谢谢\n"


def folder(tmp_path: Path, lessons: str) -> Path:
    (tmp_path / "slots.txt").write_text(SLOTS, "utf-8")
    (tmp_path / "a.txt").write_text(lessons, "utf-8")
    return tmp_path


def test_a_situation_gives_each_of_its_sentences_and_always_the_same(tmp_path: Path) -> None:
    place = folder(tmp_path, "# a fall\n= 120\n{who}(摔|滑)倒了(|{who}也倒了)\n")

    made = read_lessons(place, KINDS)

    assert made == read_lessons(place, KINDS)
    assert {kind for _, kind in made} == {"120"}
    assert any("我妈摔倒了" in text for text, _ in made)
    assert not any(sign in text for text, _ in made for sign in "{}()|")


def test_what_goes_around_a_danger_is_written_once_for_all_of_them(tmp_path: Path) -> None:
    lessons = "= 119\n麦垛(着|冒烟)了\n= none\n万一{119}咋办\n"

    made = read_lessons(folder(tmp_path, lessons), KINDS)

    feared = {text.split("万一")[1].split("咋办")[0] for text, kind in made if kind == "none"}
    assert feared == {"麦垛着了", "麦垛冒烟了"}


def test_a_sentence_without_alternatives_is_said_in_several_companies(tmp_path: Path) -> None:
    made = read_lessons(folder(tmp_path, "= 119\n麦垛着了\n"), KINDS)

    assert len(made) == 4
    assert all("麦垛着了" in text for text, _ in made)


@pytest.mark.parametrize(
    ("lessons", "fault"),
    [
        ("= 911\n着火了\n", "must name one of"),
        ("着火了\n", "stands before any line"),
        ("= 119\n{whose}着火了\n", "there is no {whose}"),
    ],
)
def test_a_faulty_lesson_is_named(tmp_path: Path, lessons: str, fault: str) -> None:
    with pytest.raises(LabelledSetError, match=fault):
        read_lessons(folder(tmp_path, lessons), KINDS)


def test_a_folder_without_slots_is_named(tmp_path: Path) -> None:
    with pytest.raises(LabelledSetError, match="cannot be read"):
        read_lessons(tmp_path, KINDS)


def test_the_written_lessons_teach_every_kind_by_thousands() -> None:
    made = read_lessons(WRITTEN, KINDS)

    assert {kind for _, kind in made} == set(KINDS)
    assert len(made) > 10_000


def test_a_misheard_sentence_keeps_its_sounds_and_is_always_the_same() -> None:
    said = "我家厨房着火了你们快来人"
    misheard = Misheard([said, "找货招活握加橱防住任来快"])

    heard = misheard.of(said)

    assert heard == misheard.of(said)
    assert [readings(each)[0][1] for each in heard] == [readings(each)[0][1] for each in said]
    assert {misheard.of(said, variant) for variant in range(9)} != {said}
