"""The root application: connects the wiring once everything is loaded, and carries the management commands."""

from django.apps import AppConfig


class ChuangwenConfig(AppConfig):
    name = "chuangwen"
    label = "root"

    def ready(self) -> None:
        # The wiring imports models, which exist only now.
        from chuangwen import wiring  # noqa: PLC0415

        wiring.connect()
