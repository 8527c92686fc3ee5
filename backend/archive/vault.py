"""Where sealed files lie: one directory, each file under the hash of what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from backend.archive import sealed
from backend.archive.sealed import SealedReader, Written

ENDING = ".sealed"
_HASH = re.compile(r"[0-9a-f]{64}")


class Vault:
    """Keeps and opens sealed files; the same content is kept once."""

    def __init__(self, directory: Path, data_key: str) -> None:
        self.directory, self._key = directory, data_key

    def path_of(self, sha256: str) -> Path:
        """Return where content of this hash lies, if it is kept."""
        if not _HASH.fullmatch(sha256):
            raise ValueError("not the hash of a content")
        return self.directory / sha256[:2] / f"{sha256}{ENDING}"

    def keep(self, sha256: str, parts: Iterable[bytes], length: int) -> Written:
        """Seal content of a known hash and length, or find it sealed already.

        Raises Damaged when the content does not have that hash; then nothing is kept.
        """
        path = self.path_of(sha256)
        if path.exists():
            known = path.stat().st_size
            return Written(sha256, length, sealed.digest_on_disk(path), known)
        written = sealed.write(path, parts, length, self._key)
        if written.sha256 != sha256:
            path.unlink()
            raise sealed.Damaged(f"the content has the hash {written.sha256}")
        return written

    def open(self, sha256: str) -> SealedReader:
        """Open content; raises FileNotFoundError or Damaged."""
        return SealedReader(self.path_of(sha256), self._key)

    def remove(self, sha256: str) -> None:
        """Delete content; what is gone already is no fault."""
        self.path_of(sha256).unlink(missing_ok=True)

    def lying_there(self) -> Iterator[str]:
        """Name the content of every file in the directory; a foreign file by its path."""
        for path in sorted(self.directory.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                known = path.suffix == ENDING and _HASH.fullmatch(path.stem)
                yield path.stem if known else str(path.relative_to(self.directory))
