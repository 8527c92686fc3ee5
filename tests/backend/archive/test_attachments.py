import io
import zipfile
from typing import Any

import httpx
import pytest

from backend.archive import scanning
from backend.archive.attachments import plain_name
from backend.archive.content import DOCX, JPEG, PDF, TEXT, XLSX, content_of
from backend.archive.settings import ArchiveSettings
from backend.archive.verifying import verify
from backend.errors import Away, Invalid
from tests.backend.archive.store import Store

PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 800


def office(*names: str) -> bytes:
    """Return a package of an office document with members of these names."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return kept.getvalue()


async def attach(
    store: Store, number: str, who: str = "clerk", data: bytes = PICTURE, **more: Any
) -> httpx.Response:
    name, headers = more.pop("name", "现场.jpg"), more.pop("headers", {})
    return await store.town.browsers[who].post(
        f"/api/tickets/{number}/attachments",
        files={"file": (name, data)},
        data={key: str(value) for key, value in more.items()},
        headers=headers,
    )


async def test_a_picture_of_a_reply_is_kept_sealed_and_read_as_it_was(store: Store) -> None:
    number = await store.town.replied()
    seq = (await store.town.events(number))[-1].seq
    key = {"Idempotency-Key": "a-picture-1"}

    sent = await attach(store, number, event=seq, headers=key)
    again = await attach(store, number, event=seq, headers=key)
    url = f"/api/tickets/{number}/attachments"
    listed = (await store.town.browsers["agent"].get(url)).json()["items"]
    read = await store.town.browsers["agent"].get(f"{url}/{sent.json()['id']}")
    part = await store.town.browsers["agent"].get(
        f"{url}/{sent.json()['id']}", headers={"Range": "bytes=65000-70000"}
    )

    assert (sent.status_code, again.json()) == (201, sent.json())
    assert listed == [sent.json()]
    shown = {name: listed[0][name] for name in ("name", "media_type", "bytes", "event")}
    assert shown == {
        "name": "现场.jpg",
        "media_type": "image/jpeg",
        "bytes": len(PICTURE),
        "event": seq,
    }
    assert (read.content, part.content) == (PICTURE, PICTURE[65_000:70_001])
    assert read.headers["content-type"] == "image/jpeg"
    assert "sandbox" in read.headers["content-security-policy"]
    sealed = list(store.shelf.vault.directory.rglob("*.sealed"))
    assert len(sealed) == 1
    assert PICTURE[:64] not in sealed[0].read_bytes()
    assert (await verify(store.town.office.database, store.shelf)).faults == []


async def test_what_may_not_be_attached_is_refused_and_nothing_is_kept(store: Store) -> None:
    number = await store.town.signed()
    other = await store.town.draft()
    most = store.shelf.settings.attachment_most_bytes
    bare = store.town.browsers["clerk"]

    answers = {
        "program": await attach(store, number, data=b"MZ\x90\x00" + bytes(99), name="a.jpg"),
        "page": await attach(store, number, data=b"<html><script>", name="a.txt"),
        "large": await attach(store, number, data=PICTURE + bytes(most)),
        "event": await attach(store, number, event=99),
        "no number": await attach(store, number, event="x"),
        "unseen": await attach(store, other),
        "auditor": await attach(store, number, "program"),
        "no form": await bare.post(f"/api/tickets/{number}/attachments", content=b"x"),
        "no file": await bare.post(f"/api/tickets/{number}/attachments", files={"x": b"x"}),
    }

    assert {name: (one.status_code, one.json()["field"]) for name, one in answers.items()} == {
        "program": (422, "file"),
        "page": (422, "file"),
        "large": (413, "file"),
        "event": (404, "event"),
        "no number": (422, "event"),
        "unseen": (404, "number"),
        "auditor": (403, None),
        "no form": (422, "file"),
        "no file": (422, "file"),
    }
    url = f"/api/tickets/{number}/attachments"
    assert (await store.town.browsers["agent"].get(url)).json()["items"] == []
    assert not store.shelf.vault.directory.exists()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PICTURE, JPEG),
        (b"%PDF-1.7\n", PDF),
        ("照片三张".encode(), TEXT),
        (office("[Content_Types].xml", "word/document.xml"), DOCX),
        (office("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        (office("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), None),
        (office("a.exe"), None),
        (b"PK\x03\x04broken", None),
        (b"#!/bin/sh\n", None),
        (b"\x00\x01", None),
        (b"", None),
        ("照片".encode("gb18030"), None),
    ],
)
def test_a_file_is_what_its_content_says(data: bytes, kind: object) -> None:
    assert content_of(data) == kind


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\照片\\现场.JPG", "现场.JPG"),
        ("a\x00b\n\u202egpj.exe", "abgpj.exe.jpg"),
        ("", "file.jpg"),
        ("...", "file.jpg"),
        ("长" * 300, "长" * 120 + ".jpg"),
    ],
)
def test_a_name_is_text_and_never_a_path(name: str, shown: str) -> None:
    assert plain_name(name, JPEG) == shown


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("", None),
        ("sh -c 'cat >/dev/null; exit 0'", None),
        ("sh -c 'cat >/dev/null; exit 1'", Invalid),
        ("sh -c 'exit 2'", Away),
        ("no-such-scanner", Away),
        ("sleep 60", Away),
    ],
)
async def test_nothing_passes_that_the_scanner_did_not_pass(
    command: str, error: type[Exception] | None
) -> None:
    settings = ArchiveSettings(virus_scanner=command, virus_scanner_seconds=2)

    if error is None:
        await scanning.scan(PICTURE, settings)
    else:
        with pytest.raises(error):
            await scanning.scan(PICTURE, settings)
