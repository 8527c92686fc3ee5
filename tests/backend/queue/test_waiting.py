"""What those who wait are told, and who is rung for whom."""

import datetime as dt
import re
import uuid
import wave
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.database import Database
from backend.people.models import Person
from backend.people.roles import Role
from backend.queue import skills
from backend.queue.expected import minutes, seconds_a_place
from backend.queue.models import QueueWait
from backend.queue.sentences import Sentences
from backend.queue.skills import Skill
from hotline.instance import CHECKOUT
from tests.backend.console.desk import Console

START = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def taken(*rows: tuple[float, float]) -> list[tuple[dt.datetime, dt.datetime]]:
    return [(START + joined * SECOND, START + connected * SECOND) for joined, connected in rows]


def test_the_queue_moves_on_as_fast_as_it_lately_did() -> None:
    assert seconds_a_place(taken((0, 60), (10, 120), (20, 180))) == pytest.approx(60)


def test_time_in_which_nobody_waited_does_not_count() -> None:
    assert seconds_a_place(taken((0, 5), (1000, 1005), (2000, 2005))) == pytest.approx(5)


def test_too_few_tell_nothing() -> None:
    assert seconds_a_place(taken((0, 60), (10, 120))) is None
    assert minutes(3, None) is None


@pytest.mark.parametrize(
    ("place", "a_place", "told"),
    [(1, 5, 1), (3, 60, 3), (4, 60, 5), (2, 300, 10), (9, 600, 30)],
)
def test_minutes_are_those_there_is_a_sentence_for(place: int, a_place: float, told: int) -> None:
    assert minutes(place, a_place) == told


def render(media: Path) -> None:
    """Write prompts of as many samples as their number says."""
    folder = media / "sounds" / "zh"
    folder.mkdir(parents=True)
    places, waits = [*range(1, 10), "many"], (1, 2, 3, 5, 10, 15, 20, 30)
    for name in (*(f"place_{one}" for one in places), *(f"wait_{one}" for one in waits)):
        number = name.rpartition("_")[2]
        for ending, rate in (("wav", 8000), ("wav16", 16000)):
            with wave.open(str(folder / f"{name}.{ending}"), "wb") as sound:
                sound.setparams((1, 2, rate, 0, "NONE", ""))
                many = 1000 if number == "many" else int(number)
                sound.writeframes(b"\0\0" * (many * 100 if name.startswith("wait") else many))


def samples(media: Path, name: str) -> int:
    with wave.open(str(media / "sounds" / "waiting" / name), "rb") as sound:
        return sound.getnframes()


async def test_the_sentence_of_each_place_holds_place_and_wait(
    database: Database, media: Path
) -> None:
    render(media)
    sentences = Sentences(database, media)
    await sentences.renew(START)
    alone = samples(media, "3.wav")
    async with database.transaction() as session:
        for joined, connected in taken((0, 60), (10, 120), (20, 180)):
            wait = QueueWait(call_id=uuid.uuid4(), joined_at=joined, connected_at=connected)
            session.add(wait)

    await sentences.renew(START + 200 * SECOND)

    assert alone == 3
    assert samples(media, "3.wav") == samples(media, "3.wav16") == 3 + 300
    assert samples(media, "1.wav") == 1 + 100
    assert samples(media, "many.wav") == 1000 + 1000


def test_every_skill_has_its_queue() -> None:
    conf = (CHECKOUT / "asterisk_conf/hotline/queues.conf").read_text("utf-8")

    assert set(re.findall(r"^\[(agents-[a-z]+)\]", conf, re.M)) == {one.queue for one in Skill}


async def test_what_an_agent_speaks_is_kept_and_taken_away(console: Console) -> None:
    login = await console.person(Role.AGENT, name="赵敏")
    keeper = await console.signed_in(Role.ADMINISTRATOR)
    async with console.app.state.database.transaction(writes=False) as session:
        person = await session.scalar(select(Person.id).where(Person.login == login))
    path = f"/console/people/{person}"

    sent = {"skills.0": "baoding", "skills.3": "english"}
    assert (await keeper.post(f"{path}/skills", **sent)).status_code == 303
    page = (await keeper.get(path)).text
    wrong = await keeper.post(f"{path}/skills", **{"skills.0": "klingon"})
    agent = await console.signed_in(Role.AGENT)
    refused = await agent.post(f"{path}/skills", **sent)

    async with console.app.state.database.transaction(writes=False) as session:
        spoken = await skills.of_person(session, person)
    assert spoken == [Skill.BAODING, Skill.ENGLISH]
    assert 'value="english" checked' in page
    assert (wrong.status_code, refused.status_code) == (422, 403)
    assert (await keeper.post(f"{path}/skills")).status_code == 303
    assert 'value="english" checked' not in (await keeper.get(path)).text
