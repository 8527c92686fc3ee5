"""A script in every text that people and callers send is a text on every page."""

from tests.backend.console_pages.district import District
from tests.backend.console_pages.pages import PAGES
from tests.backend.console_pages.year import fill

ATTACK = '"><img src=x onerror=alert(1)><script>alert(1)</script>'


async def test_no_page_lets_a_stored_script_through(district: District) -> None:
    numbers = await fill(district, ATTACK)

    raw, shown = [], 0
    for name, (who, path) in PAGES.items():
        page = await district.get(who, path.format(**numbers))
        assert page.status_code == 200, name
        if "<img src=x" in page.text or "<script>alert" in page.text:
            raw.append(name)
        shown += "&lt;img src=x" in page.text

    assert raw == []
    assert shown > len(PAGES) / 3
