from tests.backend.reports import fixtures

city = fixtures.city
