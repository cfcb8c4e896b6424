"""What of this app can come from a workbook, in one place for `wiring`."""

from chuangwen.places.importing_charges import ChargeImporter
from chuangwen.places.importing_places import PlaceImporter

IMPORTERS = (PlaceImporter, ChargeImporter)
