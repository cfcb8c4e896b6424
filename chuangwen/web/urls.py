"""Addresses of the pages across domains."""

from django.urls import path

from chuangwen.web import holiday_views, setting_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("desk/", views.workbench, name="workbench"),
    path("search/", views.search, name="search"),
    path("waiting/", views.waiting, name="waiting"),
    path("events/", views.events, name="events"),
    path("settings/", setting_views.settings, name="settings"),
    path("settings/holidays/", holiday_views.holidays, name="holidays"),
    path("settings/holidays/list/", holiday_views.enter_holidays, name="enter-holidays"),
    path("settings/holidays/<int:year>/return/", holiday_views.return_holidays, name="return-holidays"),
    path("settings/<slug:table>/", setting_views.setting, name="setting"),
    path("settings/<slug:table>/new/", setting_views.new_row, name="new-setting-row"),
    path("settings/<slug:table>/<slug:code>/", setting_views.row, name="setting-row"),
    path("settings/<slug:table>/<slug:code>/<slug:verb>/", setting_views.act, name="act-on-setting-row"),
    path("about/", views.about, name="about"),
    path("health", views.health_check, name="health"),
]
