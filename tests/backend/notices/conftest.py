from tests.backend.dispatch import fixtures

town = fixtures.town
