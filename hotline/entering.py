"""Which settings the command `hotline` uses, and how they come into the process."""

import os
from pathlib import Path

from hotline.instance import CHECKOUT, load


def env_file() -> Path:
    """Name the settings in use: HOTLINE_ENV_FILE, else .env of the checkout."""
    return Path(os.environ.get("HOTLINE_ENV_FILE", CHECKOUT / ".env"))


def enter() -> dict[str, str]:
    """Load the instance's settings into this process, or leave with one clear line."""
    env = load(env_file())
    os.environ.update(env)
    os.environ.setdefault("PYTHONPATH", str(CHECKOUT))
    return env
