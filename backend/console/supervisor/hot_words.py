"""Hot words 热词: what callers name more often now than in the days before."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import jieba
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.people.sight import Sight
from backend.tickets.models import Ticket
from backend.tickets.seen import seen_by

DAYS, MOST_TICKETS, MOST_WORDS = 7, 3000, 40
_HANZI = re.compile(r"[\u3400-\u9fff]{2,}")
_EMPTY = frozenset(
    [
        "我们",
        "你们",
        "他们",
        "自己",
        "这个",
        "那个",
        "这里",
        "那里",
        "什么",
        "怎么",
        "为什么",
        "现在",
        "已经",
        "一直",
        "没有",
        "不是",
        "就是",
        "还是",
        "可以",
        "希望",
        "请问",
        "要求",
        "反映",
        "问题",
        "情况",
        "时候",
        "因为",
        "所以",
        "但是",
        "而且",
        "非常",
        "特别",
        "有人",
        "大家",
        "今天",
        "昨天",
        "明天",
        "晚上",
        "早上",
        "最近",
        "尽快",
        "处理",
        "解决",
        "办理",
        "工作人员",
        "电话",
        "知道",
        "觉得",
        "需要",
        "应该",
        "一下",
        "一个",
        "起来",
        "出来",
        "那边",
        "这边",
        "家里",
        "小区",
        "保定",
        "保定市",
    ]
)


@dataclass(frozen=True, slots=True)
class HotWord:
    """A word, in how many requests it is, and in how many it was in the days before."""

    word: str
    now: int
    before: int

    @property
    def rising(self) -> bool:
        """Tell whether it is named at least half as often again, and not by chance once."""
        return self.now >= 3 and self.now * 2 > self.before * 3


async def said(
    session: AsyncSession, sight: Sight, now: dt.datetime
) -> tuple[Sequence[str], Sequence[str]]:
    """Return the words of the newest requests of this week and of the week before."""
    week = dt.timedelta(days=DAYS)
    return (
        await _between(session, sight, now - week, now),
        await _between(session, sight, now - 2 * week, now - week),
    )


def hot(recent: Iterable[str], before: Iterable[str]) -> list[HotWord]:
    """Return the words in most requests, those that rise first; a request counts a word once."""
    here, there = _counted(recent), _counted(before)
    found = [HotWord(word, many, there[word]) for word, many in here.most_common(MOST_WORDS * 3)]
    found.sort(key=lambda one: (not one.rising, -one.now, one.word))
    return found[:MOST_WORDS]


def _counted(texts: Iterable[str]) -> Counter[str]:
    words = _tokenizer()
    counted: Counter[str] = Counter()
    for text in texts:
        cut = {word for word in words.cut(text) if _HANZI.fullmatch(word)}
        counted.update(cut - _EMPTY)
    return counted


@lru_cache(maxsize=1)
def _tokenizer() -> jieba.Tokenizer:
    words = jieba.Tokenizer()
    # Read the dictionary itself: the tokenizer's own cache lies in a directory anyone can write to.
    words.FREQ, words.total = words.gen_pfdict(words.get_dict_file())
    words.initialized = True
    return words


async def _between(
    session: AsyncSession, sight: Sight, begin: dt.datetime, end: dt.datetime
) -> Sequence[str]:
    query = (
        select(Ticket.words)
        .where(Ticket.created_at >= begin, Ticket.created_at < end, seen_by(sight))
        .order_by(Ticket.created_at.desc())
        .limit(MOST_TICKETS)
    )
    return (await session.scalars(query)).all()
