"""The example workbooks of the brigade and of the hospital, brought into the small city."""

from pathlib import Path

from django.conf import settings

from chuangwen.core.models import Import, ImportState
from chuangwen.interop import services
from chuangwen.people.models import Unit
from tests.factories.city import City
from tests.factories.people import UnitFactory

FOLDER = Path(settings.REFERENCE_DIR) / "examples"
BRIGADE = ("traffic-brigade-basics", "traffic-brigade-activities", "traffic-brigade-duty", "traffic-brigade-outcomes")
HOSPITAL = ("hospital-basics", "hospital-activities", "hospital-rounds", "hospital-cleaning", "hospital-outcomes")


def brigade(city: City) -> Unit:
    found: Unit = UnitFactory.create(kind_id="brigade", code="demo-brigade", name="交警市区一大队", parent=city["city"])
    return found


def bring_in(city: City, unit: Unit, name: str) -> Import:
    data = (FOLDER / f"{name}.xlsx").read_bytes()
    taken = services.take_workbook(city.viewer("office"), unit=unit, name=f"{name}.xlsx", chunks=[data])
    done = services.bring_in(taken)
    assert done.state == ImportState.DONE, done.problems[:5]
    return done
