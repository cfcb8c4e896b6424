"""What one can do with evidence. Every verb checks the right first and records one Event."""

from chuangwen.evidence.services.copying import give_up_lost, make_copies
from chuangwen.evidence.services.exporting import bundle, public_file
from chuangwen.evidence.services.handing_in import hand_in
from chuangwen.evidence.services.verbs import (
    caption,
    describe,
    locate,
    redact,
    release,
    retry,
    stop_using,
    use,
    withdraw,
)

__all__ = [
    "bundle",
    "caption",
    "describe",
    "give_up_lost",
    "hand_in",
    "locate",
    "make_copies",
    "public_file",
    "redact",
    "release",
    "retry",
    "stop_using",
    "use",
    "withdraw",
]
