"""Whatever is sent to act on a ticket, the answer is one the API's description names."""

from __future__ import annotations

import itertools
import json
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.backend.dispatch.town import START, Town

WORDS = st.one_of(
    st.sampled_from(["理由充分", "", "  ", "\x00", "\ud800", "13812345678", "a" * 1001]),
    st.text(max_size=20),
)
MOMENTS = st.sampled_from(
    [
        START.isoformat(),
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2026-03-02T10:00:00",
        "2026-03-02",
        "2026-13-01",
    ]
)
NUMBERS = st.sampled_from([1, 2, 3, 4, 5, 0, -1, 2**31, 2**63, 1.5, True])
ODD = st.one_of(st.none(), st.booleans(), st.lists(st.none(), max_size=2), st.just({}))


def value(name: str) -> st.SearchStrategy[Any]:
    """Values that nearly fit a field of this name."""
    match name:
        case "unit_id" | "working_days":
            return NUMBERS
        case "tier":
            return st.sampled_from(["2h", "24h", "3d", "5d", "7d", None])
        case "clause":
            return st.sampled_from(["12.1", "12.2", "12.4"])
        case "service":
            return st.sampled_from(["110", "119", "911"])
        case "callback":
            return st.sampled_from(["satisfied", "none", "happy"])
        case "into":
            return st.sampled_from(["2603020001", "2603020002", "26", "x"])
        case "done" | "round_the_clock":
            return st.sampled_from([True, False, None])
        case "co_handlers":
            one = st.fixed_dictionaries({"unit_id": NUMBERS, "tier": value("tier")})
            return st.lists(one, max_size=2)
        case _ if name.endswith(("_at", "_on")):
            return MOMENTS
        case _:
            return WORDS


def bodies(names: list[str], count: int) -> list[dict[str, Any]]:
    """Some bodies with these fields: most nearly right, some with odd values or fields missing."""
    made: list[dict[str, Any]] = []
    nearly = st.fixed_dictionaries({name: value(name) for name in names})
    odd = st.fixed_dictionaries({}, optional={name: value(name) | ODD for name in names})

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(nearly, nearly, odd))
    def collect(body: dict[str, Any]) -> None:
        made.append(body)

    collect()
    return made


async def tickets(town: Town) -> list[str]:
    """A ticket for each kind of place in life."""
    why = {"reason": "涉及多个部门"}
    returned, escalated, raised = await town.signed(), await town.signed(), await town.draft()
    await town.do("clerk", "return", returned, basis="三定方案", **why)
    await town.do("bureau", "escalate", escalated, unit_id=town.units["county"], **why)
    await town.do("agent", "emergency", raised, service="119", **why)
    asked = await town.signed()
    await town.do("clerk", "extension", asked, **town.extension())
    return [await town.draft(), asked, await town.replied(), returned, escalated, raised]


async def test_every_answer_to_an_act_is_one_that_is_described(town: Town) -> None:
    description = town.office.app.openapi()
    parts = description["components"]["schemas"]
    lives = itertools.cycle(await tickets(town))
    acts = {
        path: methods["post"]
        for path, methods in description["paths"].items()
        if path.startswith("/api/tickets/{number}/") and "post" in methods
    }
    assert len(acts) > 30

    for path, act in acts.items():
        schema = act["requestBody"]["content"]["application/json"]["schema"]
        names = sorted(parts[schema["$ref"].split("/")[-1]]["properties"])
        for body in bodies([name for name in names if name != "version"], 4):
            number = next(lives)
            for who in ("dispatcher", "bureau"):
                body["version"] = (await town.stands(number))["version"]
                answer = await town.browsers[who].post(
                    path.replace("{number}", number),
                    content=json.dumps(body),
                    headers={"Content-Type": "application/json"},
                )

                assert str(answer.status_code) in act["responses"], (path, body, answer.text)
                assert answer.status_code < 400 or answer.json()["remedy"]
                assert answer.status_code < 500
