"""Form fields are drawn by our own component, so that every form in the product looks alike."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    field_template_name = "core/components/field.html"
