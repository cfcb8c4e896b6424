from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FormsConfig(AppConfig):
    name = "chuangwen.forms"
    # Django's own forms have the label "forms".
    label = "form"
    verbose_name = _("表单")
