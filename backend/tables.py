"""All tables of the backend, for migrations."""

from __future__ import annotations

from backend.calls import models as calls
from backend.database import Base
from backend.jobs import models as jobs
from backend.people import audit
from backend.people import models as people
from backend.tickets import models as tickets
from backend.units import models as units

METADATA = Base.metadata
MODULES = (audit, calls, jobs, people, tickets, units)
