from tests.backend.console import conftest as ground

console = ground.console
