"""What assesses the work and tells the public of it (Art. 13, 25, 36, 37), as routers to include."""

from __future__ import annotations

from backend.reports import endpoints as reports

ROUTERS = (reports.router,)
