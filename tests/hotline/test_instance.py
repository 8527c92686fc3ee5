import stat
from pathlib import Path

import pytest

from hotline.instance import InstanceError, Place, create, load, settings_of


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    file = tmp_path / ".env"
    create(file, Place(tmp_path / "home", "tried", 20000))
    return file


def test_a_new_instance_keeps_its_secrets_from_other_users(env_file: Path) -> None:
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600


def test_two_instances_never_share_a_secret(tmp_path: Path) -> None:
    one, two = (settings_of(Place(tmp_path)) for _ in range(2))

    for name in ("SERVICE_TOKEN", "DATA_KEY", "AMI_SECRET", "EXCHANGE_AMI_SECRET"):
        assert one[name] != two[name]


def test_ports_of_an_instance_are_all_different_and_sound_begins_even(tmp_path: Path) -> None:
    settings = settings_of(Place(tmp_path, port_base=12345))
    ports = [value for name, value in settings.items() if name.endswith("_PORT")]

    assert len(set(ports)) == len(ports) == 10
    assert int(settings["RTP_START"]) % 2 == 0
    assert max(map(int, ports)) < int(settings["RTP_START"])


def test_a_second_start_keeps_the_settings(env_file: Path) -> None:
    before = env_file.read_text()

    assert not create(env_file, Place(env_file.parent))
    assert env_file.read_text() == before


def test_the_environment_goes_before_the_file(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_CITY", "秦皇岛")

    assert load(env_file)["HOTLINE_CITY"] == "秦皇岛"


def test_a_missing_file_is_told_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(InstanceError, match="hotline init"):
        load(tmp_path / "none")


def test_a_line_that_is_no_setting_is_told_with_its_place(env_file: Path) -> None:
    env_file.write_text("HOTLINE_CITY=保定\njust words\n")

    with pytest.raises(InstanceError, match=r"\.env:2: write NAME=value"):
        load(env_file)
