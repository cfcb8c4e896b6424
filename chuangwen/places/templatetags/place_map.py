"""A small map for any page: one geometry to look at, or a field of a form to draw it into.

{% load place_map %}
{% place_map geometry=place.geometry name=place.name %}
{% place_picker field="id_geometry" type_field="id_type" %}
"""

import json
from typing import Any

from django import template

from chuangwen.places import map_queries, queries

register = template.Library()


def _ground(context: template.Context) -> dict[str, Any]:
    viewer = context["request"].viewer
    box = map_queries.city_box(viewer)
    return {"ground_version": map_queries.ground(viewer).version, "box": ",".join(map(str, box or ()))}


@register.inclusion_tag("places/place_map.html", takes_context=True)
def place_map(context: template.Context, geometry: Any, name: str) -> dict[str, Any]:
    """Shows `geometry`, GeoJSON as it is kept, on the city's ground; `name` is what is read out."""
    return _ground(context) | {"geometry": json.dumps(geometry), "name": name}


@register.inclusion_tag("places/place_map.html", takes_context=True)
def place_picker(
    context: template.Context,
    field: str,
    *,
    type_field: str = "",
    lon_field: str = "",
    lat_field: str = "",
    system_field: str = "",
) -> dict[str, Any]:
    """Draws into the field of that id (GeoJSON as text), in the shape of the type that `type_field` has chosen.

    `lon_field` and `lat_field` are inputs in which a point's numbers can be typed instead; map, text and numbers follow
    each other. `system_field` is the select of the numbers' coordinate system: what is drawn is WGS-84.
    """
    shapes = {each.code: each.shape for each in queries.types()}
    fields = {"field": field, "type_field": type_field, "lon_field": lon_field, "lat_field": lat_field}
    fields["system_field"] = system_field
    return _ground(context) | fields | {"shapes": json.dumps(shapes)}
