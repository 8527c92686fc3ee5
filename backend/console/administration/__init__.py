"""Administration 系统管理: people, units, the duty catalogue, settings, the audit record."""

from __future__ import annotations

from backend.console.administration import audit, duties, flows, people, rates, units

ROUTERS = (
    people.router,
    units.router,
    duties.router,
    rates.router,
    flows.router,
    audit.router,
)
