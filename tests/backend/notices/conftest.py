from tests.backend.dispatch import fixtures

make_url, town = fixtures.make_url, fixtures.town
