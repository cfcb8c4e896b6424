# mypy: disable-error-code="no-untyped-call"
"""Units, persons, accounts and grants for tests: straight into the tables, without the services' checks and events."""

from datetime import timedelta
from typing import Any

from factory.declarations import LazyAttribute, LazyFunction, RelatedFactory, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory, Password

from chuangwen.core import clock
from chuangwen.people.models import Account, Charter, Grant, Membership, Person, Position, Unit
from chuangwen.people.rules import child_path

PASSWORD = "correct-horse-7"


class UnitFactory(DjangoModelFactory[Unit]):
    """A bureau below nothing, until a trait or `parent` says otherwise. `path` follows from the parent."""

    class Meta:
        model = Unit
        skip_postgeneration_save = True

    class Params:
        city = Trait(kind_id="city", level_id="city")
        district = Trait(kind_id="district", level_id="district")
        school = Trait(kind_id="school")
        klass = Trait(kind_id="class")
        hospital = Trait(kind_id="hospital")
        group = Trait(
            kind_id="leading_group",
            charter=RelatedFactory("tests.factories.people.CharterFactory", factory_related_name="unit"),
        )

    code = Sequence(lambda number: f"unit-{number}")
    name = LazyAttribute(lambda unit: f"单位 {unit.code}")
    kind_id = "bureau"

    @classmethod
    def _create(cls, model_class: type[Unit], *args: Any, **kwargs: Any) -> Unit:
        unit: Unit = super()._create(model_class, *args, **kwargs)
        unit.path = child_path(unit.parent.path if unit.parent else "", unit.pk)
        unit.save(update_fields=["path"])
        return unit


class CharterFactory(DjangoModelFactory[Charter]):
    class Meta:
        model = Charter

    unit = SubFactory(UnitFactory, kind_id="leading_group")
    remit = "领导创建工作"
    founded_on = LazyFunction(lambda: clock.today() - timedelta(days=90))
    document_title = "关于成立领导小组的通知"


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    class Params:
        pupil = Trait(is_pupil=True, name="")

    unit = SubFactory(UnitFactory)
    code = Sequence(lambda number: f"p{number}")
    name = LazyAttribute(lambda person: f"人员 {person.code}")


class AccountFactory(DjangoModelFactory[Account]):
    """Signs in with PASSWORD; the trait `first_password` is one that the office gave and that must be changed."""

    class Meta:
        model = Account

    class Params:
        first_password = Trait(must_change_password=True)

    person = SubFactory(PersonFactory)
    login = LazyAttribute(lambda account: account.person.code)
    password = Password(PASSWORD)
    must_change_password = False


class GrantFactory(DjangoModelFactory[Grant]):
    """In force since a month ago, until a trait says otherwise."""

    class Meta:
        model = Grant

    class Params:
        future = Trait(since=LazyFunction(lambda: clock.today() + timedelta(days=1)))
        past = Trait(until=LazyFunction(lambda: clock.today() - timedelta(days=1)))
        last_day = Trait(until=LazyFunction(clock.today))

    person = SubFactory(PersonFactory)
    unit = SelfAttribute("person.unit")
    role_id = "unit_clerk"
    since = LazyFunction(lambda: clock.today() - timedelta(days=30))


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    class Params:
        leader = Trait(position=Position.LEADER)

    group = SubFactory(UnitFactory, group=True)
    person = SubFactory(PersonFactory)
    position = Position.MEMBER
    since = LazyFunction(lambda: clock.today() - timedelta(days=30))
