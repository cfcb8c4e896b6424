"""Addresses of forms."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
