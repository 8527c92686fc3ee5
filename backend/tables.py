"""All tables of the backend, for migrations."""

from __future__ import annotations

from backend.calls import models as calls
from backend.database import Base
from backend.jobs import models as jobs
from backend.tickets import models as tickets

METADATA = Base.metadata
MODULES = (calls, jobs, tickets)
