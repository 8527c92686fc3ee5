from pathlib import Path

import pytest

from ivr_flows.emergency import CUES, load
from ivr_flows.emergency.course import course
from ivr_flows.emergency.learn import Lesson, fit, save
from ivr_flows.emergency.learnt import COLUMNS, KINDS, Learnt, built_in, marks

SENTENCES = [
    ("人没动静了", "120"),
    ("人没动静手冰凉", "120"),
    ("楼里冒着烟呢", "119"),
    ("暖气没动静手续不全", "none"),
    ("暖气不热没人管", "none"),
    ("路灯不亮没人管", "none"),
]
LESSONS = [Lesson(tuple(marks(text)), kind) for text, kind in SENTENCES]


def test_the_same_sentences_give_the_same_weights(tmp_path: Path) -> None:
    one, other = tmp_path / "one.tsv", tmp_path / "other.tsv"

    save(one, *fit(LESSONS, least=1))
    save(other, *fit(LESSONS, least=1))

    assert one.read_bytes() == other.read_bytes()
    assert one.read_text("utf-8").split("\n")[0].split("\t") == list(COLUMNS)


def test_what_was_learnt_tells_danger_from_complaint() -> None:
    learnt = Learnt(*fit(LESSONS, least=1))

    assert learnt.impression("人没动静了").danger > 0
    assert learnt.impression("人没动静了").service == "120"
    assert learnt.impression("楼里冒着烟").service == "119"
    assert learnt.impression("暖气不热没人管").danger < 0


def test_what_is_misheard_leaves_the_marks_of_its_sounds() -> None:
    assert "jiu min " in set(marks("救命")) & set(marks("就名"))


def test_the_signs_of_cues_are_learnt_only_where_no_cue_was_chosen_by_the_sentence() -> None:
    listed_only = load([CUES], learnt=None)

    lessons = course(listed_only, [("我家着火了", "119")], [("她家着火了", "119")], ["暖气不热"])

    signed = {lesson.marks[1] for lesson in lessons if "#certain" in lesson.marks}
    assert signed == {"她"}
    assert {lesson.kind for lesson in lessons} == {"119", KINDS[0]}


def test_a_complaint_with_a_cue_teaches_nothing() -> None:
    listed_only = load([CUES], learnt=None)

    assert course(listed_only, [], [], ["我家着火了快来人"]) == []


def test_the_committed_weights_can_be_read_and_know_nothing_of_unknown_signs() -> None:
    assert built_in().impression("qqq").known == pytest.approx(0)
