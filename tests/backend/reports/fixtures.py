"""A city on each kind of database, for whoever tests what is counted."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.backend.people.office import MakeUrl, databases
from tests.backend.reports.city import City, open_city


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def make_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeUrl]:
    with databases(request.param, tmp_path_factory.mktemp("city")) as one_more:
        yield one_more


@pytest.fixture
async def city(make_url: MakeUrl) -> AsyncIterator[City]:
    async with open_city(make_url()) as opened:
        yield opened
