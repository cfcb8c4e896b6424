"""What of the register of places keeps a unit from being closed: for `people.unit_queries`."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from chuangwen.core import clock
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.people.unit_queries import NAMED, Hindrance
from chuangwen.places.models import Place, Responsibility
from chuangwen.places.queries import seen, standing


def hindrances(viewer: Viewer, unit: Unit) -> list[Hindrance]:
    """Open places that the unit keeps, and those for which it answers today or later."""
    today = clock.today()
    kept = Place.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today), unit=unit)
    of_open = Q(place__closed_on__isnull=True) | Q(place__closed_on__gt=today)
    charges = Responsibility.objects.filter(standing(), of_open, unit=unit, place__withdrawn_at__isnull=True)
    named = charges.filter(place__in=Place.objects.filter(seen(viewer))).select_related("place").order_by("id")[:NAMED]
    return [
        Hindrance(
            gettext_lazy("登记的在用点位"),
            kept.count(),
            [(row.name, reverse("place", args=[row.uid])) for row in kept.filter(seen(viewer)).order_by("id")[:NAMED]],
        ),
        Hindrance(
            gettext_lazy("没有结束的点位责任"),
            charges.count(),
            [(f"{row.place} {row.get_charge_display()}", reverse("place", args=[row.place.uid])) for row in named],
        ),
    ]
