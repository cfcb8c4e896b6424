"""Addresses of the map."""

from django.urls import path

from chuangwen.places import map_views

urlpatterns = [
    path("map/", map_views.map_page, name="map"),
    path("map/places/", map_views.map_places, name="map-places"),
    path("map/ground/", map_views.map_ground, name="map-ground"),
    path("map/selection/", map_views.select_on_map, name="select-on-map"),
    path("map/places/new/", map_views.add_on_map, name="add-on-map"),
    path("map/places/<uuid:uid>/move/", map_views.move_on_map, name="move-on-map"),
]
