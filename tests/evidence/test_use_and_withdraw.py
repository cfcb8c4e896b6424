"""Who uses a photo says so; what is used is not withdrawn; what is withdrawn is shown to nobody else."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.evidence import queries, services
from chuangwen.evidence.models import CopyRole, Evidence, EvidenceUse
from tests.evidence.samples import handed_in, jpeg, picture
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.state import nothing_changes, one_event

pytestmark = pytest.mark.django_db


class TestUse:
    def test_a_use_is_declared_once_with_its_event(self, city: City) -> None:
        row, subject = handed_in(city, unit="c98"), uuid4()
        with one_event("evidence.used") as written:
            services.use(city.viewer("recorder"), row, noun="outcome", uid=subject)
        assert written.event.data == {"noun": "outcome", "subject": str(subject)}
        with nothing_changes():
            services.use(city.viewer("clerk"), row, noun="outcome", uid=subject)

    @pytest.mark.parametrize("part", ["stranger", "other_clerk", "reader"])
    def test_who_may_not_see_it_cannot_use_it(self, city: City, part: str) -> None:
        row = handed_in(city)
        with nothing_changes(), pytest.raises(Missing):
            services.use(city.viewer(part), row, noun="outcome", uid=uuid4())

    def test_what_was_withdrawn_or_does_not_open_proves_nothing(self, city: City) -> None:
        gone, broken = handed_in(city), handed_in(city, jpeg(2, (400, 300))[:3000])
        services.withdraw(city.viewer("clerk"), gone, reason="传错")
        for row in (gone, broken):
            with nothing_changes(), pytest.raises(Refused) as no:
                services.use(city.viewer("clerk"), row, noun="outcome", uid=uuid4())
            assert no.value.mend

    def test_a_use_ends_with_its_event_and_what_was_never_declared_ends_silently(self, city: City) -> None:
        row, subject = handed_in(city), uuid4()
        services.use(city.viewer("clerk"), row, noun="outcome", uid=subject)
        with one_event("evidence.use_ended"):
            services.stop_using(city.viewer("clerk"), row, noun="outcome", uid=subject)
        with nothing_changes():
            services.stop_using(city.viewer("clerk"), row, noun="outcome", uid=subject)

    def test_the_page_leads_to_the_record_that_uses_it(self, city: City, client_of: Callable[[str], Client]) -> None:
        outcome = OutcomeFactory.create(unit=city["c98"], amount=3)
        row = handed_in(city, unit="c98")
        services.use(city.viewer("clerk"), row, noun="outcome", uid=outcome.uid)
        text = client_of("clerk").get(reverse("evidence-piece", args=[row.uid])).content.decode()
        assert reverse("outcome", args=[outcome.uid]) in text

    def test_a_record_asks_for_its_proof_in_the_order_of_its_declaration(self, city: City) -> None:
        subject = uuid4()
        rows = [handed_in(city, jpeg(number)) for number in range(3)]
        for row in reversed(rows):
            services.use(city.viewer("clerk"), row, noun="outcome", uid=subject)
        assert queries.photos_of(city.viewer("clerk"), "outcome", subject) == rows[::-1]
        assert queries.photos_of(city.viewer("other_clerk"), "outcome", subject) == []
        assert set(queries.photos(city.viewer("clerk"), [row.uid for row in rows])) == {row.uid for row in rows}

    def test_the_database_keeps_one_use_of_a_kind(self, city: City) -> None:
        row, subject = handed_in(city), uuid4()
        use = services.use(city.viewer("clerk"), row, noun="outcome", uid=subject)
        with pytest.raises(IntegrityError), transaction.atomic():
            EvidenceUse.objects.create(
                evidence=row, noun="outcome", subject_uid=subject, used_at=use.used_at, used_by=use.used_by
            )


class TestWithdraw:
    def test_it_stays_with_its_reason_and_counts_nowhere(self, city: City) -> None:
        row = handed_in(city)
        with one_event("evidence.withdrawn") as written:
            services.withdraw(city.viewer("clerk"), row, reason=" 拍错了地方 ")
        assert written.event.data == {"kind": "photo"}
        assert written.event.detail.text == "拍错了地方"
        assert not Evidence.objects.exists()
        assert Evidence.everything.count() == 1
        assert list(queries.evidence(city.viewer("clerk"))) == []

    def test_others_no_longer_get_its_files(self, city: City, client_of: Callable[[str], Client]) -> None:
        row = handed_in(city, unit="c98", part="clerk")
        public, original = queries.public_url(row), queries.file_url(row, queries.ORIGINAL)
        services.withdraw(city.viewer("clerk"), row, reason="传错")
        assert client_of("recorder").get(public).status_code == 404
        assert client_of("recorder").get(reverse("evidence-piece", args=[row.uid])).status_code == 200
        response = client_of("head").get(original)
        assert (response.status_code, bool(response.getvalue())) == (200, True)

    def test_what_a_record_uses_is_not_withdrawn(self, city: City) -> None:
        row, subject = handed_in(city), uuid4()
        services.use(city.viewer("clerk"), row, noun="outcome", uid=subject)
        with nothing_changes(), pytest.raises(Refused) as no:
            services.withdraw(city.viewer("clerk"), row, reason="传错")
        assert "1 条记录" in str(no.value.message)
        services.stop_using(city.viewer("clerk"), row, noun="outcome", uid=subject)
        services.withdraw(city.viewer("clerk"), row, reason="传错")

    @pytest.mark.parametrize("part", ["stranger", "other_clerk", "reader", "recorder"])
    def test_neither_a_stranger_nor_one_who_did_not_make_it_withdraws_it(self, city: City, part: str) -> None:
        row = handed_in(city, unit="c98")
        with nothing_changes(), pytest.raises(Missing):
            services.withdraw(city.viewer(part), row, reason="传错")

    def test_twice_is_a_conflict(self, city: City) -> None:
        row = handed_in(city)
        services.withdraw(city.viewer("clerk"), row, reason="传错")
        with nothing_changes(), pytest.raises(Conflict):
            services.withdraw(city.viewer("clerk"), row, reason="传错")


WRONG: dict[str, dict[str, Any]] = {
    "refused without a reason": {"state": "refused"},
    "a reason without being refused": {"refusal": "broken"},
    "half a point": {"lon": 111.0, "point_known": "camera"},
    "a point of nobody": {"lon": 111.0, "lat": 29.0, "point_known": ""},
    "a point off the globe": {"lon": 111.0, "lat": 91.0, "point_known": "camera"},
    "half a hash": {"band_1": None},
    "a band of 17 bits": {"band_2": 65536},
    "a document with a hash": {"kind": "document"},
    "ready without a size": {"width": None},
}


@pytest.mark.parametrize("name", WRONG)
def test_the_database_keeps_no_row_that_is_none(city: City, name: str) -> None:
    row = handed_in(city)
    assert row.phash is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=row.pk).update(**WRONG[name])


def test_copies_are_one_for_each_role_and_edition(city: City) -> None:
    row = handed_in(city)
    first = row.copies.get(role=CopyRole.PUBLIC)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.copies.create(role=CopyRole.PUBLIC, edition=0, file=first.file)
    assert picture(1).size == (96, 72)
