"""What one does with places."""

from collections.abc import Mapping
from typing import Any

from chuangwen.core import reference
from chuangwen.places.models import PlaceType


def load_reference(tables: Mapping[str, Any]) -> dict[str, int]:
    """Bring the types of place to what the reference file says, but for those that were edited here."""
    return {"place_types": reference.bring(PlaceType, tables["place_types"])}
