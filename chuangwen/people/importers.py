"""What of this app can come from a workbook, in one place for `wiring`."""

from chuangwen.people.importing_members import MemberImporter
from chuangwen.people.importing_pupils import PupilImporter
from chuangwen.people.importing_staff import StaffImporter
from chuangwen.people.importing_units import GroupImporter, UnitImporter

IMPORTERS = (UnitImporter, StaffImporter, GroupImporter, MemberImporter, PupilImporter)
