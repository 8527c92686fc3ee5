import pytest

from tests.backend.console import conftest as ground
from tests.backend.console.desk import Console
from tests.backend.console_pages.district import District, open_district

database_url, console = ground.database_url, ground.console


@pytest.fixture
async def district(console: Console) -> District:
    return await open_district(console)
