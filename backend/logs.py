"""Lines of `key=value` on standard output, with telephone numbers masked."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4,8}(?!\d)")
_LANDLINE = re.compile(r"(?<![\d*])0\d{2,3}[- ]?\d{7,8}(?!\d)")
_SPOKEN = re.compile(r"[零〇洞一幺二两三四五六七八九]{7,}")

log: structlog.stdlib.BoundLogger = structlog.get_logger("backend")


def mask_in(text: str) -> str:
    """Hide every telephone number in a text, written in figures or as it was spoken.

    >>> mask_in("打13812345678，一三八一二三四五六七八，或者0312-5901234")
    '打138****5678，****，或者****1234'
    """
    mobile = _MOBILE.sub(lambda found: f"{found[1]}****{found[0][-4:]}", text)
    return _LANDLINE.sub(lambda found: f"****{found[0][-4:]}", _SPOKEN.sub("****", mobile))


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
