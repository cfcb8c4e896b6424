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
from chuangwen.cases.services.places import MOST_PLACES, Campaign, OpenedForPlaces, PlaceGiven, open_for_places
from chuangwen.cases.services.reception import Matter, Ticket, receive, take_ticket
from chuangwen.cases.services.reference_data import load_reference
from chuangwen.cases.services.revisits import draw, look
from chuangwen.cases.services.talking import comment
from chuangwen.cases.services.watching import end_watch, watch

__all__ = [
    "MOST_PLACES",
    "Campaign",
    "CitizenReport",
    "Given",
    "Matter",
    "Named",
    "Opened",
    "OpenedForPlaces",
    "Opening",
    "PartGiven",
    "PetitionGiven",
    "PlaceGiven",
    "ReporterGiven",
    "Ticket",
    "add_cases",
    "begin_imported",
    "case_of_code",
    "comment",
    "dispute",
    "draw",
    "end_watch",
    "file_and_dispatch",
    "forget_reporter",
    "known_report",
    "load_reference",
    "look",
    "move",
    "move_by_clock",
    "move_by_code",
    "open_and_send",
    "open_case",
    "open_for_places",
    "receive",
    "report",
    "satisfied",
    "see_reporter",
    "settle",
    "take_ticket",
    "watch",
    "watch_deadlines",
]
