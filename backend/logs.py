"""Lines of `key=value` on standard output, with telephone numbers masked."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4,8}(?!\d)")

log: structlog.stdlib.BoundLogger = structlog.get_logger("backend")


def mask_in(text: str) -> str:
    """Hide the middle of every mobile number in a text: 13812345678 -> 138****5678."""
    return _MOBILE.sub(lambda found: f"{found[1]}****{found[0][-4:]}", text)


def _masked(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {
        key: mask_in(value) if isinstance(value, str) else value for key, value in event.items()
    }


def start(level: int = logging.INFO) -> None:
    """Send this program's log to standard output."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _masked,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
    )
