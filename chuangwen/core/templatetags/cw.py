"""Tags that every template has: figures, numbers, and drawing one of our components."""

from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from chuangwen.core import search_words, written

register = template.Library()


@register.filter
def grouped(value: Decimal | int | None) -> str:
    """1400 → 1,400."""
    return "" if value is None else written.grouped(value)


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    return mapping.get(key)


@register.simple_tag
def percent(numerator: int, denominator: int) -> str:
    return written.percent(numerator, denominator)


@register.inclusion_tag("core/components/figure.html")
def figure(number: object, unit: object, url: str, definition: object = "", name: object = "") -> dict[str, object]:
    """A number that opens to its rows, with its unit and the mark ※ that opens its definition."""
    return {"number": number, "unit": unit, "url": url, "definition": definition, "name": name}


@register.inclusion_tag("core/components/list.html", takes_context=True)
def draw_list(context: template.Context, listing: object) -> dict[str, object]:
    """A whole list: search, filters, table, pager, empty state."""
    return {"list": listing, "request": context["request"]}


@register.filter
def as_input(field: BoundField) -> SafeString:
    """The field's input in our own dress; a tick stays a tick."""
    widget = field.field.widget
    if isinstance(widget, CheckboxSelectMultiple):
        return field.as_widget()
    return field.as_widget(attrs={"class": "cw-check" if isinstance(widget, CheckboxInput) else "cw-in"})


@register.simple_tag
def joined(*parts: object) -> SafeString | str:
    return "".join(str(part) for part in parts)


@register.filter
def marked(label: object, words: str) -> SafeString:
    """The label with the words that were looked for marked in it; signs of HTML stay signs."""
    pieces = search_words.marked(str(label), words)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", text) if hit else text,) for text, hit in pieces)
    )
