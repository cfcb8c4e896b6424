"""What a person is told: once, without words in the table, and only what they may see."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Missing
from chuangwen.people import services
from chuangwen.people.access import holders
from chuangwen.people.models import Deputy, Grant, Notice, Person
from chuangwen.people.rules import Perm
from tests.factories.city import City
from tests.factories.people import GrantFactory, PersonFactory
from tests.factories.state import nothing_changes

NOTICES = "/notices/"


def tell(city: City, *parts: str, **more: Any) -> int:
    subject = more.pop("subject", city.persons["head"].uid)
    return services.tell(
        [city.persons[part] for part in parts], "handed_over", noun="person", subject_uid=subject,
        data={"count": 3}, **more,
    )  # fmt: skip


def test_the_same_occasion_is_told_once_and_another_again(city: City) -> None:
    assert tell(city, "clerk", "head", once="a") == 2
    assert tell(city, "clerk", once="a") == 0
    assert tell(city, "clerk", once="b") == 1
    assert tell(city, "clerk") + tell(city, "clerk") == 2
    assert Notice.objects.filter(person=city.persons["clerk"]).count() == 4


def test_of_two_at_the_same_moment_one_tells(city: City) -> None:
    """The second has looked before the first wrote: the constraint stands between them."""
    row = {"kind": "handed_over", "noun": "person", "subject_uid": uuid4(), "at": clock.now(), "once": "a"}
    for _each in range(2):
        Notice.objects.bulk_create([Notice(person=city.persons["clerk"], **row)], ignore_conflicts=True)
    assert Notice.objects.count() == 1


def test_pupils_and_those_who_left_are_not_told_but_deputies_are(city: City) -> None:
    pupil = PersonFactory.create(pupil=True, unit=city["c98"])
    Person.objects.filter(pk=city.persons["recorder"].pk).update(left_on=clock.today())
    city.persons |= {"pupil": pupil, "recorder": Person.objects.get(pk=city.persons["recorder"].pk)}
    Deputy.objects.create(
        person=city.persons["head"], deputy=city.persons["clerk"], since=clock.today(), until=clock.today()
    )
    assert tell(city, "pupil", "recorder", "head") == 2
    assert {each.person for each in Notice.objects.all()} == {city.persons["head"], city.persons["clerk"]}


def test_the_page_has_unread_ones_first_and_the_frame_their_number(
    city: City, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        tell(city, "clerk", once=str(number))
    oldest = Notice.objects.order_by("id").first()
    assert oldest
    Notice.objects.exclude(pk=oldest.pk).update(read_at=clock.now())
    client = city.client("clerk")
    with django_assert_max_num_queries(8):
        page = client.get(NOTICES)
    assert page.context["rows"][0].notice == oldest
    assert '<b class="cw-top__c">1</b>' in page.content.decode()
    assert "3 件交给了您" in page.content.decode()


def test_what_one_may_no_longer_see_is_not_told(city: City) -> None:
    tell(city, "clerk")
    Grant.objects.filter(person=city.persons["clerk"]).delete()
    page = city.client("clerk").get(NOTICES).content.decode()
    assert "现在不归您看了" in page
    assert str(city.persons["head"]) not in page


def test_reading_leads_on_and_is_noted_and_nobody_reads_another_s(city: City) -> None:
    tell(city, "clerk")
    notice = Notice.objects.get()
    with nothing_changes(), pytest.raises(Missing):
        services.mark_read(city.viewer("head"), uid=notice.uid)
    done = city.client("clerk").post(reverse("read-notice", args=[notice.uid]))
    assert done["Location"] == reverse("person", args=[city.persons["head"].uid])
    first = Notice.objects.get().read_at
    assert first
    services.mark_read(city.viewer("clerk"), uid=notice.uid)
    assert Notice.objects.get().read_at == first


def test_all_are_marked_read_at_once_and_those_of_others_stay(city: City) -> None:
    tell(city, "clerk", "head")
    city.client("clerk").post(reverse("read-all-notices"))
    assert city.viewer("clerk").unread == 0
    assert city.viewer("head").unread == 1


def test_more_than_ninety_nine_are_not_counted_out(city: City) -> None:
    for number in range(101):
        tell(city, "clerk", once=str(number))
    assert "99+" in city.client("clerk").get(NOTICES).content.decode()


def test_holders_are_those_over_the_unit_and_the_nearest_are_its_own(city: City) -> None:
    school = city["school"]
    assert holders(Perm.REPORT_SIGN, school) == [city.persons["office"], city.persons["head"]]
    assert holders(Perm.REPORT_SIGN, school, nearest=True) == [city.persons["head"]]
    assert holders(Perm.REPORT_SIGN, city["hospital"], nearest=True) == [city.persons["office"]]
    GrantFactory.create(person=city.persons["stranger"], role_id="unit_head", unit=city["hospital"], past=True)
    assert holders(Perm.REPORT_SIGN, city["hospital"], nearest=True) == [city.persons["office"]]
