"""Run the call scripts: ``python -m agi``."""

import argparse
import logging
import os
import signal
import sys
import threading

import structlog

from agi.program import Program
from agi.settings import SettingsError, load
from agi.spool import SpoolError
from ivr_flows.loader import FlowError, load_book

log = structlog.get_logger("agi")


def set_up_logs() -> None:
    """Write key=value lines to standard output."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )


def main() -> int:
    """Carry calls until SIGTERM; 2 when a setting, a flow or the disk forbids to start."""
    argparse.ArgumentParser(prog="agi", description=__doc__).parse_args()
    set_up_logs()
    try:
        program = Program(load(), load_book())
    except (SettingsError, FlowError, SpoolError) as error:
        print(error, file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f"cannot start: {error}; see HOTLINE_AGI_PORT and HOTLINE_DATA_KEY", file=sys.stderr)
        return 2
    stopping, stopped = threading.Event(), threading.Event()

    def take_apart() -> None:
        try:
            program.stop()
        finally:
            stopped.set()

    def stop(*_: object) -> None:
        if not stopping.is_set():
            stopping.set()
            threading.Thread(target=take_apart, name="stop").start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    program.serve()
    stopped.wait()
    # A thread may still wait for an answer over HTTP; all that matters is on the disk by now.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
