"""What of this app can come from a workbook, in one place for `wiring`."""

from chuangwen.cases.importing_cases import CaseImporter

IMPORTERS = (CaseImporter,)
