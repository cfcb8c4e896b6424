"""What one can do with cases. Every verb checks the right first and records one Event."""

from chuangwen.cases.services.clockwork import watch_deadlines
from chuangwen.cases.services.desk import file_and_dispatch
from chuangwen.cases.services.given import Given, PartGiven
from chuangwen.cases.services.importing import add_cases, settle
from chuangwen.cases.services.importing import begin as begin_imported
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
from chuangwen.cases.services.revisits import draw, look
from chuangwen.cases.services.talking import comment

__all__ = [
    "Given",
    "Opened",
    "Opening",
    "PartGiven",
    "PetitionGiven",
    "ReporterGiven",
    "add_cases",
    "begin_imported",
    "case_of_code",
    "comment",
    "draw",
    "file_and_dispatch",
    "load_reference",
    "look",
    "move",
    "move_by_clock",
    "move_by_code",
    "open_and_send",
    "open_case",
    "settle",
    "watch_deadlines",
]
