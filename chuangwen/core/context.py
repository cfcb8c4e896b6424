"""What every page's frame needs: the city, the navigation by work, and whose page it is."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class NavItem:
    """An entry of the navigation: the address prefixes that it stands for, and the permission that shows it."""

    label: str | Promise
    route: str
    prefixes: tuple[str, ...]
    perm: str


NAVIGATION = (
    NavItem(pgettext_lazy("nav", "工作台"), "workbench", ("/desk/",), ""),
    NavItem(
        pgettext_lazy("nav", "活动"),
        "outcomes",
        ("/outcomes/", "/shifts/", "/attendance/", "/duties/", "/logs/"),
        "activity.view",
    ),
    NavItem(pgettext_lazy("nav", "佐证"), "evidence", ("/evidence/",), "evidence.view"),
    NavItem(pgettext_lazy("nav", "表单"), "forms", ("/forms/", "/submissions/"), "form.view"),
    NavItem(pgettext_lazy("nav", "导入"), "imports", ("/imports/",), "import.run"),
    NavItem(pgettext_lazy("nav", "文书"), "reports", ("/reports/", "/f/"), "report.view"),
    NavItem(pgettext_lazy("nav", "口径"), "metrics", ("/metrics/",), "figure.view"),
    NavItem(pgettext_lazy("nav", "单位"), "units", ("/units/", "/persons/"), "unit.view"),
    NavItem(pgettext_lazy("nav", "动态"), "events", ("/events/",), "event.view"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    viewer = getattr(request, "viewer", None)
    # An answer to a POST has no address of its own to come back to.
    here = request.get_full_path() if request.method == "GET" else reverse("home")
    if viewer is None:
        return {"city": settings.CITY_NAME, "here": here}
    shown = [item for item in NAVIGATION if not item.perm or viewer.can(item.perm)]
    nav = [(item.label, reverse(item.route), request.path.startswith(item.prefixes)) for item in shown]
    return {"city": settings.CITY_NAME, "here": here, "viewer": viewer, "nav": nav}
