"""Addresses of the catalogue of figures."""

from django.urls import path

from chuangwen.metrics import views

urlpatterns = [
    path("metrics/", views.metrics, name="metrics"),
    path("metrics/<str:urn>/", views.metric, name="metric"),
]
