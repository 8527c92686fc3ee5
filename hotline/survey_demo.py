"""One callback that shows what surveys do: a simulated citizen answers three questions by key."""

import asyncio
import datetime as dt
import time

import httpx

from hotline.exchange import Exchange
from hotline.instance import PREFIX, InstanceError
from hotline.programs import Env
from hotline.survey_cases import Case, complete

WAIT_SECONDS = 240.0
NAMES = {"contact": "是否联系", "solution": "是否解决", "satisfaction": "是否满意"}


async def show(env: Env, number: str) -> None:
    """Print what a citizen answered who was called back now."""
    async with Exchange(env) as exchange:
        await exchange.talk(number, ["1", "1", "1", "2"])
        ticket = (await complete(env, [Case(number, "供热", dt.datetime.now(dt.UTC))]))[0]
        print(f"ticket {ticket} is complete; its citizen is called back in permitted hours")
        survey = await _ended(env, ticket)
        await exchange.forget(number)
    print(f"回访结果: {survey['chinese']}")
    for name, title in NAMES.items():
        print(f"  {title}: {survey[name]}")


async def _ended(env: Env, ticket: str) -> dict[str, str]:
    base = f"http://127.0.0.1:{env[f'{PREFIX}BACKEND_PORT']}/api/surveys"
    headers = {"Authorization": f"Bearer {env[f'{PREFIX}SERVICE_TOKEN']}"}
    until = time.monotonic() + WAIT_SECONDS
    async with httpx.AsyncClient(headers=headers, timeout=10) as backend:
        while time.monotonic() < until:
            found = (await backend.get(base, params={"ticket": ticket})).json()["items"]
            if found and found[0]["ended_at"]:
                survey: dict[str, str] = found[0]
                return survey
            if found and found[0]["due_at"] and not found[0]["tries"]:
                due = dt.datetime.fromisoformat(found[0]["due_at"])
                if due > dt.datetime.now(dt.UTC) + dt.timedelta(seconds=WAIT_SECONDS):
                    raise InstanceError(f"nobody is called at this hour: the next time is {due}")
            await asyncio.sleep(0.5)
    raise InstanceError("the citizen was not called in time: see `hotline logs surveys`")
