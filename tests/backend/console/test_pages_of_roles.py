"""Role x page: each role sees the links to its pages and opens those; no other opens."""

import pytest

from backend.console.navigation import PAGES
from backend.people.rights import TABLE
from backend.people.roles import Role
from tests.backend.console.desk import Console


@pytest.mark.parametrize("role", Role)
async def test_a_role_sees_and_opens_its_pages_and_no_other(console: Console, role: Role) -> None:
    browser = await console.signed_in(role)
    mine = {link.address for link in PAGES if role in TABLE[link.right].roles}

    home = (await browser.get("/console/account")).text
    opened = {
        link.address for link in PAGES if (await browser.get(link.address)).status_code == 200
    }

    shown = {link.address for link in PAGES if f'href="{link.address}"' in home}
    assert shown == mine == opened


async def test_every_page_is_reached_by_somebody_and_named_once() -> None:
    addresses = [link.address for link in PAGES]

    assert len(addresses) == len(set(addresses))
    for link in PAGES:
        assert TABLE[link.right].roles, link.name
