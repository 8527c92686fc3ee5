import pytest

from backend.database import Database
from backend.privacy import Seal
from tests.backend.surveys.town import Town


@pytest.fixture
def town(database: Database, seal: Seal) -> Town:
    return Town(database, seal)
