"""What a file is, told by its content and never by its name: the list of what may be attached."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Content:
    """A kind of file that may be attached, and whether a browser may show it by itself."""

    media_type: str
    ending: str
    shown: bool


JPEG = Content("image/jpeg", "jpg", True)
PNG = Content("image/png", "png", True)
GIF = Content("image/gif", "gif", True)
WEBP = Content("image/webp", "webp", True)
HEIC = Content("image/heic", "heic", False)
PDF = Content("application/pdf", "pdf", False)
MP3 = Content("audio/mpeg", "mp3", True)
WAV = Content("audio/wav", "wav", True)
AMR = Content("audio/amr", "amr", False)
MP4 = Content("video/mp4", "mp4", True)
TEXT = Content("text/plain; charset=utf-8", "txt", False)
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = Content(f"{_OFFICE}.wordprocessingml.document", "docx", False)
XLSX = Content(f"{_OFFICE}.spreadsheetml.sheet", "xlsx", False)
ALLOWED = (JPEG, PNG, GIF, WEBP, HEIC, PDF, MP3, WAV, AMR, MP4, TEXT, DOCX, XLSX)

_BEGINS: tuple[tuple[bytes, Content], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xf3", MP3),
    (b"#!AMR", AMR),
)
_RIFF = {b"WAVE": WAV, b"WEBP": WEBP}
_BRANDS = {b"heic": HEIC, b"heix": HEIC, b"mif1": HEIC}
_VIDEO = (b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"3gp4", b"3gp5", b"qt  ")
_MOST_MEMBERS = 5000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def content_of(data: bytes) -> Content | None:
    """Tell what a file is, or None for what may not be attached."""
    for begin, kind in _BEGINS:
        if data.startswith(begin):
            return kind
    if data.startswith(b"RIFF"):
        return _RIFF.get(data[8:12])
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12]) or (MP4 if data[8:12] in _VIDEO else None)
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    return TEXT if _is_text(data) else None


def _office(data: bytes) -> Content | None:
    """Tell a document of an office from other archives; one with macros is refused."""
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if len(names) > _MOST_MEMBERS or any(one.endswith("vbaProject.bin") for one in names):
        return None
    if "[Content_Types].xml" not in names:
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _is_text(data: bytes) -> bool:
    if data.lstrip()[:1] in (b"<", b"#") or not data:
        return False
    try:
        return not _CONTROL.search(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False
