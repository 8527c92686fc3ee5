from collections.abc import AsyncIterator, Iterator

import pytest

from tests.backend.people.office import MakeUrl, Office, databases, open_office


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def make_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeUrl]:
    with databases(request.param, tmp_path_factory.mktemp("databases")) as one_more:
        yield one_more


@pytest.fixture
async def office(make_url: MakeUrl) -> AsyncIterator[Office]:
    async with open_office(make_url()) as opened:
        yield opened
