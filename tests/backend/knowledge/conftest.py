from tests.backend.units.conftest import make_url, office

__all__ = ["make_url", "office"]
