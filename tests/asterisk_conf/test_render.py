import subprocess
from pathlib import Path

import pytest

from hotline.instance import CHECKOUT
from tests.asterisk_conf.stack import instance_env

RENDER = CHECKOUT / "asterisk_conf" / "render.sh"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    made = instance_env(tmp_path / "home", "render")
    return {**made, "HOTLINE_ASTERISK_ROOT": str(tmp_path / "root"), "PATH": "/usr/bin:/bin"}


def render(which: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([RENDER, which], env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("which", ["hotline", "exchange"])
def test_no_placeholder_is_left(env: dict[str, str], which: str) -> None:
    done = render(which, env)

    assert done.returncode == 0, done.stderr
    rendered = list(Path(env["HOTLINE_ASTERISK_ROOT"]).rglob("*.conf"))
    assert len(rendered) == len(list((CHECKOUT / "asterisk_conf" / which).glob("*.conf")))
    assert not [path for path in rendered if "@SIP" in path.read_text()]


def test_a_missing_variable_is_named_with_its_place(env: dict[str, str]) -> None:
    del env["HOTLINE_AMI_SECRET"]

    done = render("hotline", env)

    assert done.returncode == 2
    assert "HOTLINE_AMI_SECRET is not set" in done.stderr
    assert "hotline/manager.conf line" in done.stderr


@pytest.mark.parametrize("value", ["x;y", "x\n[admin]", "a b", "#include", "$(id)"])
def test_a_value_that_asterisk_would_read_as_more_is_refused(
    env: dict[str, str], value: str
) -> None:
    env["HOTLINE_AMI_SECRET"] = value

    done = render("hotline", env)

    assert done.returncode == 2
    assert "HOTLINE_AMI_SECRET may hold only" in done.stderr


def test_a_fault_leaves_the_earlier_configuration_in_place(env: dict[str, str]) -> None:
    render("hotline", env)
    del env["HOTLINE_SIP_PORT"]

    render("hotline", env)

    etc = Path(env["HOTLINE_ASTERISK_ROOT"]) / "srv" / "render" / "etc"
    assert (etc / "pjsip.conf").exists()
    assert not etc.with_name("etc.unfinished").exists()


def test_secrets_are_not_for_everyone(env: dict[str, str]) -> None:
    render("hotline", env)

    etc = Path(env["HOTLINE_ASTERISK_ROOT"]) / "srv" / "render" / "etc"
    assert etc.stat().st_mode & 0o007 == 0
    assert (etc / "manager.conf").stat().st_mode & 0o007 == 0


def test_lines_kept_for_danger_are_fewer_than_the_trunk_has(env: dict[str, str]) -> None:
    done = render("hotline", env | {"HOTLINE_TRUNK_LINES": "4", "HOTLINE_EMERGENCY_LINES": "4"})

    assert done.returncode == 2
    assert "some of the HOTLINE_TRUNK_LINES (4): fewer" in done.stderr


def test_an_unknown_configuration_is_refused(env: dict[str, str]) -> None:
    done = render("other", env)

    assert done.returncode == 2
    assert "render.sh hotline or render.sh exchange" in done.stderr
