"""One citizen who could not be reached answers by the link in the SMS that was sent to them."""

import asyncio
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from hotline.instance import PREFIX
from hotline.survey_checks import outcome
from hotline.survey_stage import Json, Stage

ARRIVES_WITHIN_SECONDS = 60.0
GIVEN = {"contact": "contacted", "solution": "solved", "satisfaction": "basically"}
WANTED = ("contacted/solved/basically", "link", 1)
_LINK = re.compile(r"https://[^/\s]+(/s/[A-Za-z0-9_-]+)")


async def answer_by_link(stage: Stage) -> list[str]:
    """Open the page of a sent link, answer, answer again; return what is not as it must be."""
    owed = [one for one in stage.citizens if one.kind.result == "not_reached"]
    end = time.monotonic() + ARRIVES_WITHIN_SECONDS
    while not (sent := dict(_links(stage))).keys() & {one.number for one in owed}:
        if time.monotonic() > end:
            return ["no citizen who was not reached was sent a link"]
        await asyncio.sleep(1)
    citizen = next(one for one in owed if one.number in sent)
    base = f"http://127.0.0.1:{stage.env[f'{PREFIX}BACKEND_PORT']}"
    async with httpx.AsyncClient(base_url=base, timeout=20) as telephone:
        page = await telephone.get(sent[citizen.number])
        thanks = await telephone.post(sent[citizen.number], data=GIVEN)
        again = await telephone.post(sent[citizen.number], data=GIVEN)
    codes = (page.status_code, thanks.status_code, again.status_code)
    survey = next(one for one in await stage.surveys() if one["ticket"] == citizen.ticket)
    found = (outcome(survey), survey["channel"], _by_link(survey))
    print(f"by the link in the SMS: pages {codes}, recorded {found[0]} by {found[1]}")
    if codes == (200, 200, 410) and found == WANTED:
        return []
    return [f"{citizen.ticket}: answered by link, pages {codes}, recorded {found}"]


def _links(stage: Stage) -> Iterator[tuple[str, str]]:
    """Give each number that was sent a link, and the link's path."""
    for file in Path(stage.env[f"{PREFIX}SMS_DIRECTORY"]).glob("*.json"):
        message = json.loads(file.read_text(encoding="utf-8"))
        if link := _LINK.search(message["text"]):
            yield message["to"], link[1]


def _by_link(survey: Json) -> int:
    return sum(one["channel"] == "link" for one in survey["tries"])
