import json
import os
import subprocess
import sys
from pathlib import Path

from cryptography.fernet import Fernet

from tests.conftest import migrated

CHECKOUT = Path(__file__).parents[2]


def hotline(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    settings = home / "hotline.env"
    if not settings.exists():
        url = f"sqlite+aiosqlite:///{home / 'hotline.db'}"
        migrated(url)
        settings.write_text(
            f"HOTLINE_DATABASE_URL={url}\n"
            "HOTLINE_SERVICE_TOKEN=a-token-for-tests-only\n"
            f"HOTLINE_DATA_KEY={Fernet.generate_key().decode()}\n"
            f"HOTLINE_MEDIA={home}\nHOTLINE_REDIS_URL=redis://127.0.0.1:9/0\n"
        )
    return subprocess.run(
        [sys.executable, "-c", "from hotline.cli import main; main()", *words],
        env={"PATH": os.environ["PATH"], "HOTLINE_ENV_FILE": str(settings)},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_test_alarm_that_nobody_gets_says_so_and_stays_listed(tmp_path: Path) -> None:
    sent = hotline(tmp_path, "alarms", "test", "--wait", "0.1")
    listed = hotline(tmp_path, "alarms", "list")

    row = json.loads(sent.stdout)
    assert (sent.returncode, row["delivered_to"]) == (1, [])
    assert json.loads(listed.stdout)["id"] == row["alarm"]
    assert json.loads(listed.stdout)["kind"] == "test"


def test_an_export_without_reviews_is_a_table_with_its_head(tmp_path: Path) -> None:
    done = hotline(tmp_path, "emergencies", "export", str(tmp_path / "cases.tsv"))

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "cases.tsv").read_text().startswith("id\ttext\tlabel\t")
    assert "0 cases" in done.stdout
