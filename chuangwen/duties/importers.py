"""What of this app can come from a workbook, in one place for `wiring`."""

from chuangwen.duties.importing_attendances import AttendanceImporter, SignInImporter
from chuangwen.duties.importing_duties import DutyImporter
from chuangwen.duties.importing_logs import DutyLogImporter, RoundImporter, SupervisionImporter
from chuangwen.duties.importing_outcomes import EssayImporter, OutcomeImporter
from chuangwen.duties.importing_shifts import ShiftImporter

IMPORTERS = (
    DutyImporter,
    ShiftImporter,
    DutyLogImporter,
    SupervisionImporter,
    AttendanceImporter,
    SignInImporter,
    RoundImporter,
    OutcomeImporter,
    EssayImporter,
)
