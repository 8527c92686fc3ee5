"""The containers' description, checked as far as it can be without an engine."""

import json
import os
import re
import shlex
import subprocess
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from hotline.instance import Place, settings_of

TOP = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
SECRETS = {
    "HOTLINE_SERVICE_TOKEN": "a",
    "HOTLINE_DATA_KEY": "b",
    "HOTLINE_AMI_SECRET": "c",
    "HOTLINE_DATABASE_PASSWORD": "d",
    "HOTLINE_TRUNK_MATCH": "192.0.2.1",
    "HOTLINE_EXCHANGE_HOST": "192.0.2.1",
}
PYTHON_SERVICES = ("backend", "worker", "asr", "agi", "migrate", "prompts")


def compose(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("HOTLINE_")}
    # The binary itself: the package's own command ends with 0 whatever the binary says.
    command = [str(files("compose") / "docker-compose"), "--env-file", "/dev/null", *words]
    return subprocess.run(
        command, cwd=TOP, env=clean | env, capture_output=True, text=True, check=False
    )


@cache
def described() -> dict[str, Any]:
    done = compose(SECRETS, "config", "--format", "json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("secret", sorted(SECRETS))
def test_a_missing_secret_stops_the_start_and_tells_the_remedy(secret: str) -> None:
    done = compose({k: v for k, v in SECRETS.items() if k != secret}, "config")

    assert done.returncode != 0
    assert secret in done.stderr
    assert "secrets.sh" in done.stderr or "set HOTLINE_" in done.stderr


def test_every_build_names_files_that_are_there() -> None:
    for service in described()["services"].values():
        if build := service.get("build"):
            assert (Path(build["context"]) / build["dockerfile"]).is_file()


def test_every_command_names_a_program_that_is_there() -> None:
    for name in PYTHON_SERVICES:
        python, dash_m, module, *_ = described()["services"][name]["command"]
        assert (python, dash_m) == ("python", "-m")
        assert (TOP / module / "__main__.py").is_file()


@pytest.mark.parametrize("name", PYTHON_SERVICES)
def test_every_python_command_is_one_its_program_knows(name: str) -> None:
    module, *words = described()["services"][name]["command"][2:]
    done = subprocess.run(
        [sys.executable, "-m", module, *words, "--help"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_every_variable_is_one_that_an_instance_has() -> None:
    known = {f"HOTLINE_{name}" for name in settings_of(Place(TOP))}
    for name in (*PYTHON_SERVICES, "asterisk"):
        given = set(described()["services"][name]["environment"])
        assert given <= known, given - known


def test_no_two_programs_share_a_port() -> None:
    settings = described()["services"]["asterisk"]["environment"]
    ports = [v for k, v in settings.items() if k.endswith("_PORT") and "EXCHANGE" not in k]
    published = [
        port["published"]
        for service in described()["services"].values()
        for port in service.get("ports", [])
    ]
    taken = ports + published
    assert len(set(taken)) == len(taken)
    low, high = int(settings["HOTLINE_RTP_START"]), int(settings["HOTLINE_RTP_END"])
    assert not [port for port in taken if low <= int(port) <= high]


def test_database_and_redis_are_reached_at_the_ports_that_are_published() -> None:
    services = described()["services"]
    settings = services["backend"]["environment"]
    for name, url in (("database", "HOTLINE_DATABASE_URL"), ("redis", "HOTLINE_REDIS_URL")):
        (port,) = services[name]["ports"]
        assert f"@{port['host_ip']}:{port['published']}/" in settings[url].replace("//", "@")
        assert port["host_ip"] == "127.0.0.1"


def test_every_mounted_volume_is_declared() -> None:
    declared = set(described()["volumes"])
    for service in described()["services"].values():
        for volume in service.get("volumes", []):
            assert volume["type"] == "volume"
            assert volume["source"] in declared


@pytest.mark.parametrize("dockerfile", sorted((TOP / "docker").glob("*.Dockerfile")), ids=str)
def test_dockerfiles_pass_the_linter_and_copy_only_what_is_there(dockerfile: Path) -> None:
    lint = [str(BIN / "hadolint"), "--config", str(TOP / ".hadolint.yaml"), str(dockerfile)]
    done = subprocess.run(lint, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    for line in dockerfile.read_text().splitlines():
        if line.startswith("COPY "):
            *sources, _ = shlex.split(line)[1:]
            assert all((TOP / source).exists() for source in sources), line
    scripts = re.findall(r"\b[a-z_]+/[a-z_]+\.sh\b", dockerfile.read_text())
    assert scripts
    assert all(os.access(TOP / script, os.X_OK) for script in scripts)


def test_secrets_are_written_once_and_for_the_owner_only(tmp_path: Path) -> None:
    script = tmp_path / "docker" / "secrets.sh"
    script.parent.mkdir()
    script.write_text((TOP / "docker/secrets.sh").read_text())
    script.chmod(0o755)

    for said in ("wrote", "kept"):
        done = subprocess.run([script], capture_output=True, text=True, check=True)
        assert said in done.stdout

    file = tmp_path / ".env"
    assert file.stat().st_mode & 0o777 == 0o600
    names = {line.partition("=")[0] for line in file.read_text().splitlines() if "=" in line}
    assert names == set(SECRETS)
