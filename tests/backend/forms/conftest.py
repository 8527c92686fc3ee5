from tests.backend.reports import fixtures

make_url, city = fixtures.make_url, fixtures.city
