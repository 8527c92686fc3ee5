import os
import subprocess
from pathlib import Path

from hotline.instance import CHECKOUT
from tests.asterisk_conf.stack import Stack

INSTALL = CHECKOUT / "asterisk_conf" / "install.sh"


def install(root: Path, path: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "HOTLINE_ASTERISK_ROOT": str(root), "PATH": path}
    return subprocess.run(
        [INSTALL, *arguments], env=env, capture_output=True, text=True, check=False
    )


def stand_in(folder: Path, name: str, says: str) -> str:
    """Put a program in front of all others; returns the search path."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{says}\n")
    (folder / name).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_what_is_installed_is_not_installed_again(stack: Stack) -> None:
    done = install(Path(stack.env["HOTLINE_ASTERISK_ROOT"]), os.environ["PATH"])

    assert done.returncode == 0
    assert "is already in" in done.stdout


def test_a_missing_tool_is_named_with_the_remedy(tmp_path: Path) -> None:
    needed = ("sh", "id", "apt-get", "mkdir", "dirname", "flock", "sort", "head", "chroot", "sed")
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in needed:
        found = subprocess.run(["which", tool], capture_output=True, text=True, check=True)
        (tools / tool).symlink_to(found.stdout.strip())

    done = install(tmp_path / "asterisk", str(tools))

    assert done.returncode == 1
    assert done.stderr == "asterisk: mmdebstrap is missing: apt-get install mmdebstrap\n"


def test_too_little_room_is_said_before_anything_is_built(tmp_path: Path) -> None:
    path = stand_in(tmp_path / "tools", "df", "printf 'Filesystem\\n/dev/x 9 9 1000 9 /\\n'")

    done = install(tmp_path / "asterisk", path)

    assert done.returncode == 1
    assert done.stderr.startswith("asterisk: only 1 MB free under")
    assert not (tmp_path / "asterisk").exists()


def test_another_user_than_root_is_told_so(tmp_path: Path) -> None:
    path = stand_in(tmp_path / "tools", "id", "echo 1000")

    done = install(tmp_path / "asterisk", path)

    assert done.returncode == 1
    assert "must run as root" in done.stderr


def test_a_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = stand_in(tmp_path / "tools", "mmdebstrap", 'for a; do :; done; mkdir -p "$5"; exit 1')

    done = install(tmp_path / "asterisk", path)

    assert done.returncode == 1
    assert "the root could not be built" in done.stderr
    assert not (tmp_path / "asterisk").exists()
    assert not (tmp_path / "asterisk.unfinished").exists()


def test_the_scripts_have_no_shell_faults() -> None:
    scripts = sorted((CHECKOUT / "asterisk_conf").glob("*.sh"))

    done = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True, check=False)

    assert done.stdout == ""
