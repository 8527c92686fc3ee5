"""The parts of the law that stand beside the handling of a ticket, as routers to include."""

from __future__ import annotations

from backend.abuse import endpoints as abuse
from backend.duties import endpoints as duties
from backend.notices import endpoints as notices
from backend.supervision import endpoints as supervision
from backend.tolerance import endpoints as tolerance
from backend.warnings import endpoints as warnings

ROUTERS = (
    duties.router,
    notices.router,
    supervision.router,
    tolerance.router,
    abuse.router,
    warnings.router,
)
