import datetime as dt
from html.parser import HTMLParser

import httpx
import pytest

from backend.citizen.limits import MOST_WRONG
from backend.deadlines import SHANGHAI
from tests.backend.reports.city import GOOD, City

PAGES = ("/citizen", "/citizen/progress", "/citizen/figures")


class Outline(HTMLParser):
    """What a screen reader and a strict browser would complain about."""

    def __init__(self) -> None:
        super().__init__()
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.tags: list[str] = []
        self.inline: list[str] = []
        self.language: str | None = None
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if tag == "html":
            self.language = given.get("lang")
        if tag == "label" and given.get("for"):
            self.labels.add(str(given["for"]))
        if tag in ("input", "select", "textarea"):
            self.fields.append({**given, "wrapped": "yes" if "label" in self.open else None})
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag not in ("input", "meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def outline(reply: httpx.Response) -> Outline:
    read = Outline()
    read.feed(reply.text)
    assert read.open == []
    return read


def sound(reply: httpx.Response) -> None:
    """A page anybody can read, that loads nothing and remembers nobody."""
    read = outline(reply)
    assert read.language == "zh-CN"
    assert read.tags.count("h1") == 1
    assert read.tags.count("main") == 1
    assert "script" not in read.tags
    assert read.inline == []
    for one in read.fields:
        assert one["wrapped"] or one["id"] in read.labels
    assert "set-cookie" not in reply.headers
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert reply.headers["referrer-policy"] == "no-referrer"


async def ask(browser: httpx.AsyncClient, number: str, code: str) -> httpx.Response:
    return await browser.post("/citizen/progress", data={"number": number, "code": code})


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_sound(city: City, path: str) -> None:
    await city.closed(GOOD, many=20)
    await city.browsers["supervisor"].post("/api/figures", json={"month": "2026-11"})

    async with city.office.client() as citizen:
        reply = await citizen.get(path)

    assert reply.status_code == 200
    sound(reply)


async def test_number_and_code_tell_the_stand_and_nothing_of_the_caller(city: City) -> None:
    (number,) = await city.closed(GOOD)

    async with city.office.client() as citizen:
        reply = await ask(citizen, f" {number} ", "1234")

    assert reply.status_code == 200
    sound(reply)
    assert "您的工单已经办结" in reply.text
    assert "市供热公司" in reply.text
    assert "13812345678" not in reply.text
    assert "暖气不热" not in reply.text


async def test_a_wrong_code_tells_nothing_and_five_lock_the_ticket_for_an_hour(
    city: City,
) -> None:
    (number,) = await city.closed(GOOD)

    async with city.office.client() as citizen:
        wrong = [await ask(citizen, number, "9999") for _ in range(5)]
        right = await ask(citizen, number, "1234")
        city.office.now += dt.timedelta(hours=1, seconds=1)
        later = await ask(citizen, number, "1234")

    assert {reply.status_code for reply in wrong} == {404}
    assert "市供热公司" not in wrong[0].text
    sound(wrong[0])
    assert right.status_code == 429
    assert later.status_code == 200


async def test_a_number_that_is_not_there_reads_like_a_wrong_code(city: City) -> None:
    (number,) = await city.closed(GOOD)

    async with city.office.client() as citizen:
        wrong = await ask(citizen, number, "9999")
        absent = await ask(citizen, "2601010001", "9999")

    assert wrong.text.replace(number, "") == absent.text.replace("2601010001", "")


async def test_one_address_cannot_try_codes_of_many_tickets(city: City) -> None:
    numbers = [f"26010{n:05}" for n in range(MOST_WRONG)]

    async with city.office.client(address="198.51.100.7") as guesser:
        for number in numbers:
            await ask(guesser, number, "0000")
        refused = await ask(guesser, "2601019999", "0000")
    async with city.office.client(address="198.51.100.8") as other:
        passed = await ask(other, "2601019999", "0000")

    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "3600"
    assert passed.status_code == 404


@pytest.mark.parametrize(
    ("number", "code"), [("", ""), ("abc", "1234"), ("2611230001", ""), ("1" * 30, "1")]
)
async def test_what_is_no_number_is_asked_for_again(city: City, number: str, code: str) -> None:
    async with city.office.client() as citizen:
        reply = await ask(citizen, number, code)

    assert reply.status_code == 400
    sound(reply)
    assert 'role="alert"' in reply.text


async def test_what_is_typed_is_shown_as_text_and_never_as_markup(city: City) -> None:
    async with city.office.client() as citizen:
        reply = await ask(citizen, '"><script>alert(1)</script>1', "x")

    assert "<script" not in reply.text


async def test_the_unit_is_that_of_the_ticket_and_its_result_is_told_masked(city: City) -> None:
    at = dt.datetime(2026, 11, 20, 9, tzinfo=SHANGHAI)
    (number,) = await city.closed(GOOD, at=at, unit="street")

    async with city.office.client() as citizen:
        reply = await ask(citizen, number, "1234")

    assert "裕华街道" in reply.text
    assert "2026年11月20日" in reply.text
