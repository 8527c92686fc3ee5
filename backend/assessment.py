"""What assesses the work and tells the public of it (Art. 25, 36, 37), as routers to include."""

from __future__ import annotations

from backend.citizen import endpoints as citizen
from backend.citizen import survey_page
from backend.forms import endpoints as forms
from backend.reports import disputes, open_data
from backend.reports import endpoints as reports

ROUTERS = (
    reports.router,
    disputes.router,
    open_data.router,
    open_data.public,
    forms.router,
    citizen.router,
    survey_page.router,
)
