from tests.backend.units.conftest import office

__all__ = ["office"]
