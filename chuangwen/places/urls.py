"""Addresses of places."""

from django.urls import path

from chuangwen.places import views

urlpatterns = [
    path("places/", views.places, name="places"),
    path("places/new/", views.new_place, name="new-place"),
    path("places/alike/", views.alike, name="alike-places"),
    path("places/bulk/", views.act_on_places, name="act-on-places"),
    path("places/<uuid:uid>/", views.place, name="place"),
    path("places/<uuid:uid>/edit/", views.edit_place, name="edit-place"),
    path("places/<uuid:uid>/position/", views.position, name="place-position"),
    path("places/<uuid:uid>/close/", views.close_place, name="close-place"),
    path("places/<uuid:uid>/reopen/", views.reopen_place, name="reopen-place"),
    path("places/<uuid:uid>/withdraw/", views.withdraw_place, name="withdraw-place"),
    path("places/<uuid:uid>/charges/new/", views.new_charge, name="new-charge"),
    path("charges/<uuid:uid>/end/", views.end_charge, name="end-charge"),
]
