"""Pure facts of figures: comparing frozen rows with today's, and packing them."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

# uid → (contribution, digest of the row's state)
Frozen = Mapping[UUID, tuple[int, str]]


@dataclass(frozen=True)
class RowChange:
    """A row that is not what it was: `before` and `now` are contributions, None where the row is not counted."""

    uid: UUID
    before: int | None
    now: int | None

    @property
    def kind(self) -> str:
        if self.before is None:
            return "added"
        if self.now is None:
            return "gone"
        return "changed"


def changes(before: Frozen, now: Frozen) -> list[RowChange]:
    """Every row added, gone or changed between two states, in order of uid."""
    touched = [uid for uid in before.keys() | now.keys() if before.get(uid) != now.get(uid)]
    none = (None, "")
    return [RowChange(uid, before.get(uid, none)[0], now.get(uid, none)[0]) for uid in sorted(touched)]


def packed(rows: Frozen) -> bytes:
    """One canonical form whatever the order of the rows; `unpacked` is its inverse."""
    lines = [[uid.hex, contribution, digest] for uid, (contribution, digest) in sorted(rows.items())]
    return json.dumps(lines, separators=(",", ":")).encode()


def unpacked(data: bytes) -> dict[UUID, tuple[int, str]]:
    return {UUID(hex=uid): (contribution, digest) for uid, contribution, digest in json.loads(data)}


def compressed(data: bytes) -> bytes:
    return zlib.compress(data, 6)


def decompressed(data: bytes) -> bytes:
    return zlib.decompress(data)
