"""Addresses of the pages across domains."""

from django.urls import path

from chuangwen.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("desk/", views.workbench, name="workbench"),
    path("events/", views.events, name="events"),
    path("about/", views.about, name="about"),
    path("health", views.health_check, name="health"),
]
