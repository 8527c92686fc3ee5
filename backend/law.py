"""The parts of the law that stand beside the handling of a ticket, as routers to include."""

from __future__ import annotations

from backend.duties import endpoints as duties
from backend.notices import endpoints as notices

ROUTERS = (duties.router, notices.router)
