"""What one can do with cases. Every verb checks the right first and records one Event."""

from chuangwen.cases.services.citizens import (
    CitizenReport,
    Named,
    dispute,
    forget_reporter,
    known_report,
    report,
    satisfied,
    see_reporter,
)
from chuangwen.cases.services.given import Given, PartGiven
from chuangwen.cases.services.moving import move, move_by_clock, move_by_code
from chuangwen.cases.services.opening import (
    Opened,
    Opening,
    PetitionGiven,
    ReporterGiven,
    case_of_code,
    open_and_send,
    open_case,
)
from chuangwen.cases.services.reference_data import load_reference
from chuangwen.cases.services.talking import comment

__all__ = [
    "CitizenReport",
    "Given",
    "Named",
    "Opened",
    "Opening",
    "PartGiven",
    "PetitionGiven",
    "ReporterGiven",
    "case_of_code",
    "comment",
    "dispute",
    "forget_reporter",
    "known_report",
    "load_reference",
    "move",
    "move_by_clock",
    "move_by_code",
    "open_and_send",
    "open_case",
    "report",
    "satisfied",
    "see_reporter",
]
