import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr_flows.emergency import CUES, Decision, detect, detect_lines, load


@pytest.mark.parametrize(
    ("said", "service"),
    [
        ("我家着火了快点来人", "119"),
        ("楼下电动车烧起来了火苗窜得老高", "119"),
        ("我们几个困在电梯里出不来了", "119"),
        ("有人拿着刀在学校门口捅人", "110"),
        ("有人正在撬我家门", "110"),
        ("俺娘没气儿了怎么叫都不醒", "120"),
        ("一地血人躺地上不动了", "120"),
        ("我媳妇喝农药了", "120"),
        ("前面出车祸了两辆车撞一块", "122"),
    ],
)
def test_a_danger_told_plainly_is_certain(said: str, service: str) -> None:
    verdict = detect(said)

    assert verdict.decision is Decision.CERTAIN
    assert verdict.service == service


@pytest.mark.parametrize("said", ["找火轮快来", "喂找火了", "着活了着活了", "我家着货了"])
def test_a_danger_misheard_by_the_recogniser_is_noticed(said: str) -> None:
    verdict = detect(said)

    assert verdict.decision is not Decision.NONE
    assert verdict.service == "119"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("上个月我家着火了保险公司不赔", "past"),
        ("万一着火了往哪儿跑", "hypothetical"),
        ("想问一下着火了找谁赔", "question"),
        ("没着火就是锅糊了", "negation"),
        ("孩子作业多得我头都要炸了", "figure"),
        ("着火点附近要补种树", "name"),
        ("新闻里说南边着火了", "reported"),
        ("小区消防演练着火了那一段太吓人", "drill"),
    ],
)
def test_each_kind_of_weakening_makes_a_cue_harmless(said: str, kind: str) -> None:
    verdict = detect(said)

    assert verdict.decision is Decision.NONE
    assert verdict.service is None
    assert verdict.weakened_by is not None
    assert kind in verdict.weakened_by


def test_a_cry_for_help_overrides_what_would_weaken() -> None:
    assert detect("去年刚装的房子着火了快来人啊救命").decision is not Decision.NONE
    assert detect("万一着火了怎么办").decision is Decision.NONE


def test_a_negated_cue_stays_harmless_whatever_is_happening_now() -> None:
    assert detect("现在没着火").decision is Decision.NONE


def test_a_crash_with_wounded_calls_the_ambulance_first_and_traffic_police_second() -> None:
    verdict = detect("出车祸了有人受伤流了好多血")

    assert (verdict.service, verdict.also) == ("120", ("122",))


def test_the_beginning_of_a_sentence_waits_for_what_may_weaken_it() -> None:
    assert detect("我家着火了", final=False).decision is Decision.DOUBTFUL
    assert detect("我家着火了快来", final=False).decision is Decision.CERTAIN
    assert detect("我家着火了").decision is Decision.CERTAIN


def test_spaces_signs_and_traditional_characters_change_nothing() -> None:
    assert detect("我 家 着 火 了 , 快 来 人 !").service == "119"
    assert detect("他們家廚房著火了快來人").service == "119"


def test_the_cue_is_shown_as_heard_and_as_listed() -> None:
    verdict = detect("喂 找火轮 快来人")

    assert verdict.cue == "找火轮"
    assert verdict.listed == "找火轮"


def test_a_danger_in_unlisted_words_leads_to_a_question() -> None:
    verdict = detect("我当家的趴桌子上怎么摇晃都不吭声手冰冰凉")

    assert verdict.decision is not Decision.NONE
    assert verdict.service == "120"


@pytest.mark.parametrize("said", ["", "。。", "\x00\x07", "😀🔥", "a" * 10_000, "着火" * 5_000])
def test_hostile_input_gets_an_answer(said: str) -> None:
    assert isinstance(detect(said).decision, Decision)
    assert isinstance(detect(said, final=False).decision, Decision)


def test_a_danger_is_found_anywhere_in_a_very_long_text() -> None:
    before, after = "暖气不热三天了" * 200, "路灯也不亮" * 300

    assert detect(before + "我家着火了快来人" + after).service == "119"
    assert detect(before + after).decision is Decision.NONE


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_text_raises(said: str) -> None:
    assert isinstance(detect(said).decision, Decision)


@given(st.text(alphabet="我家着火了没有人拿刀不万一上个月快来救命吗怎么办点", max_size=60))
@settings(max_examples=150, deadline=None)
def test_a_verdict_without_decision_names_no_service(said: str) -> None:
    verdict = detect(said)

    assert (verdict.service is None) == (verdict.decision is Decision.NONE)
    assert verdict.service not in verdict.also


def test_lines_are_json_objects_in_order() -> None:
    lines = [json.loads(line) for line in detect_lines(["着火了快来", "暖气不热"])]

    assert [line["decision"] for line in lines] == ["certain", "none"]
    assert set(lines[0]) == {
        "text",
        "decision",
        "service",
        "also",
        "cue",
        "listed",
        "weakened_by",
    }


def test_the_second_ear_does_not_contradict_a_listed_wording_in_a_tongue_it_never_heard(
    tmp_path: Path,
) -> None:
    more = tmp_path / "more.yaml"
    cue = 'cues: [{service: "119", what: fire, sure: certain, by_sound: false, phrases: [불이야]}]'
    more.write_text(cue, "utf-8")

    verdict = load([CUES, more]).detect("불이야 도와주세요")

    assert (verdict.decision, verdict.service) == (Decision.CERTAIN, "119")


@pytest.mark.parametrize(
    "said",
    [
        "不是演习我们楼真着火了",
        "路边停的公交车着火车上还有人",
        "俺家当院里着咧麻利儿来人吧",
        "河里有人在那儿扑腾快不行了",
    ],
)
def test_a_word_that_usually_weakens_does_not_hide_a_danger(said: str) -> None:
    assert detect(said).decision is not Decision.NONE


def test_humming_is_no_danger() -> None:
    assert detect("嗯嗯啊啊").decision is Decision.NONE
    assert detect("啊啊啊啊救命").decision is Decision.DOUBTFUL
