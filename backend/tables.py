"""All tables of the backend, for migrations."""

from __future__ import annotations

from backend.abuse import models as abuse
from backend.alarms import models as alarms
from backend.archive import models as archive
from backend.calls import models as calls
from backend.database import Base
from backend.desk import models as desk
from backend.duties import models as duties
from backend.emergencies import models as emergencies
from backend.forms import models as forms
from backend.jobs import models as jobs
from backend.knowledge import models as knowledge
from backend.notices import models as notices
from backend.people import audit
from backend.people import models as people
from backend.queue import models as queue
from backend.statistics import models as statistics
from backend.supervision import models as supervision
from backend.surveys import models as surveys
from backend.tickets import models as tickets
from backend.tickets import once_models as once
from backend.tolerance import models as tolerance
from backend.units import models as units
from backend.warnings import models as warnings

METADATA = Base.metadata
MODULES = (alarms, emergencies, audit, calls, jobs, people, tickets, units)
LAW = (abuse, duties, knowledge, notices, supervision, tolerance, warnings)
ARCHIVE = (archive, once)
ASSESSMENT = (forms, statistics, surveys)
CONSOLE = (desk, queue)
