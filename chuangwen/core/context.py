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
    """An entry of the navigation: the address prefixes that it stands for, and the permission that shows it, over any
    unit or, where `over_city`, over the whole city.
    """

    label: str | Promise
    route: str
    prefixes: tuple[str, ...]
    perm: str
    over_city: bool = False


NAVIGATION = (
    NavItem(pgettext_lazy("nav", "工作台"), "workbench", ("/desk/",), ""),
    NavItem(pgettext_lazy("nav", "事项"), "cases", ("/cases/",), "case.view"),
    NavItem(pgettext_lazy("nav", "等我办"), "waiting", ("/waiting/", "/notices/"), ""),
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
    NavItem(pgettext_lazy("nav", "点位"), "places", ("/places/", "/charges/"), "place.view"),
    NavItem(pgettext_lazy("nav", "地图"), "map", ("/map/",), "place.view"),
    NavItem(pgettext_lazy("nav", "单位"), "units", ("/units/", "/persons/", "/phones/"), "unit.view"),
    NavItem(pgettext_lazy("nav", "动态"), "events", ("/events/",), "event.view"),
    NavItem(pgettext_lazy("nav", "设置"), "settings", ("/settings/",), "reference.manage", over_city=True),
)


def may_open(viewer: Any, item: NavItem) -> bool:
    return bool(viewer.can_over_city(item.perm) if item.over_city else viewer.can(item.perm))


def frame(request: HttpRequest) -> dict[str, Any]:
    viewer = getattr(request, "viewer", None)
    # An answer to a POST has no address of its own to come back to.
    here = request.get_full_path() if request.method == "GET" else reverse("home")
    if viewer is None:
        return {"city": settings.CITY_NAME, "here": here}
    shown = [item for item in NAVIGATION if not item.perm or may_open(viewer, item)]
    nav = [(item.label, reverse(item.route), request.path.startswith(item.prefixes)) for item in shown]
    unread = "99+" if viewer.unread > 99 else str(viewer.unread)
    return {"city": settings.CITY_NAME, "here": here, "viewer": viewer, "nav": nav, "unread": unread}
