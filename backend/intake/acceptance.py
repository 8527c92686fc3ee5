"""Whether the hotline may take the matter at all (Art. 12), and if not, why."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.intake.fields import Kind


@dataclass(frozen=True)
class Ground:
    """A ground of refusal: its clause in Chinese for the caller, and the words that show it."""

    reason: str
    words: re.Pattern[str]


GROUNDS = (
    Ground(
        "已经或者应当通过诉讼解决（条例第十二条第一项）",
        re.compile(
            r"(?:法院|法庭)(?:已经|都|也|那边)?(?:判|立案|开庭|受理|审|执行|裁定|调解书)|(?:已经|正在|都).{0,6}(?:起诉|打官司|上诉)"
            r"|(?:一审|二审|终审|再审)|判决(?:书|结果|不公|下来)|(?:不服|推翻|改判).{0,4}(?:判决|法院)|官司.{0,6}(?:输|判|打)|强制执行"
        ),
    ),
    Ground(
        "已经或者应当通过仲裁解决（条例第十二条第一项）",
        re.compile(
            r"仲裁(?:委|庭|院)?.{0,6}(?:已经|受理|立案|裁|开庭|判|输|结果|正在)|(?:正在|已经)(?:走|申请|打)?(?:劳动)?仲裁|仲裁裁决"
        ),
    ),
    Ground(
        "应当通过纪检监察解决（条例第十二条第一项）",
        re.compile(
            r"(?:纪委|监委|纪检|巡察组|巡视组).{0,10}(?:立案|调查|查|受理|处理|举报|留置)|(?:受贿|行贿|贪污|收了.{0,6}万.{0,4}(?:好处|回扣)|包养情妇)"
        ),
    ),
    Ground(
        "已经或者应当通过行政复议解决（条例第十二条第一项）",
        re.compile(
            r"(?:行政)?复议.{0,8}(?:已经|受理|正在|决定|结果|维持|申请了|里)|(?:已经|正在|申请了|提了).{0,3}(?:行政)?复议"
        ),
    ),
    Ground(
        "应当通过政府信息公开解决（条例第十二条第一项）",
        re.compile(r"(?:申请|要求|让|依法).{0,8}(?:政府)?信息公开|信息公开.{0,6}(?:申请|答复)"),
    ),
    Ground(
        "已经进入信访渠道办理（条例第十二条第一项）",
        re.compile(
            r"(?:已经|正在|在|去|到)?.{0,3}信访(?:局|办|件|部门)?.{0,8}(?:受理|登记|立案|办理|答复|处理|告知书|复查|转)|上访.{0,8}(?:受理|登记|答复)"
        ),
    ),
    Ground(
        "涉及国家秘密、商业秘密或者个人隐私（条例第十二条第二项）",
        re.compile(
            r"(?:查|告诉我|打一份).{0,16}(?:手机号|开房|住址|通话记录|身份证号|银行流水|病历|聊天记录|行踪|在哪住|住哪|名下有)"
            r"|(?:国家秘密|机密文件|涉密|商业机密|商业秘密|客户名单|内部配方|导弹|部队的?番号|军事基地)"
        ),
    ),
    Ground(
        "违背公序良俗（条例第十二条第三项）",
        re.compile(
            r"代孕|找小姐|陪睡|一夜情|冥婚|配阴婚|买卖器官|卖.{0,2}肾|替考|赌球.{0,4}(?:要|赢)|买.{0,4}(?:假证|假文凭)|(?:出|办).{0,3}假(?:证|章|发票)|算命.{0,6}(?:推荐|介绍)|包二奶|裸聊"
        ),
    ),
)
_ASKS_HOW = re.compile(
    r"(?:怎么|如何|哪里|哪儿|去哪|什么流程|需要什么|啥材料|电话是多少|地址).{0,12}|能不能申请"
)
_DONE = re.compile(r"已经|正在|判|裁决|受理|立案|不服|结果|维持|答复")


def acceptable(text: str, kind: Kind) -> tuple[bool, str | None, float, str]:
    """Whether it may be taken, the reason if not, a confidence 0..1, and the words that decided."""
    for ground in GROUNDS:
        if (cue := ground.words.search(text)) is None:
            continue
        asking = kind is Kind.QUESTION and "第一项" in ground.reason
        if asking and _ASKS_HOW.search(text) and not _DONE.search(text):
            continue
        return False, ground.reason, 0.86, f"说到“{cue[0]}”"
    return True, None, 0.95, "没有说到第十二条不予受理的情形"
