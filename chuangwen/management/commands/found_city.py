"""script/manage found_city: an empty city with its office's first account, for a real installation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from chuangwen import reference_data
from chuangwen.core.errors import ProductError
from chuangwen.people import services
from chuangwen.people.models import Unit


class Command(BaseCommand):
    help = "Found the city of this installation and print the first password of its office."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="short code of the city, lower-case letters")
        parser.add_argument("name", help="its name, e.g. 安澜市")
        parser.add_argument("--name-en", default="")
        parser.add_argument("--division-code", default="", help="GB/T 2260")
        parser.add_argument("--login", default="office", help="login of the office's first account")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        if Unit.objects.exists():
            raise CommandError("a city is there already")
        reference_data.load()
        try:
            operator = services.found_city(
                code=options["code"],
                name=options["name"],
                name_en=options["name_en"],
                division_code=options["division_code"],
            )
            city = operator.person.unit
            person = services.add_person(operator, unit=city, code="office-1", name="市创文办管理员")
            services.give_grant(operator, person=person, role=services.role_for("city_office"), unit=city)
            password = services.open_account(operator, person=person, login=options["login"])
        except ProductError as error:
            raise CommandError(f"{error.message} {error.mend}") from error
        self.stdout.write(f"{options['login']}  {password}  (to be changed at the first sign-in)")
