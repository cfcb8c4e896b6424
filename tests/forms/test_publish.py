"""Publishing what a form asks: refused with every mistake, one version each time it says something else."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from chuangwen.core import clock
from chuangwen.core.digests import digest
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.forms import queries, services
from chuangwen.forms.models import FormVersion
from chuangwen.people.access import Viewer
from tests.factories.city import City
from tests.factories.forms import FormFactory, SubmissionFactory, checklist, question, source
from tests.factories.state import nothing_changes, one_event

pytestmark = pytest.mark.django_db
ViewerOf = Callable[[str], Viewer]


def test_a_new_source_makes_a_new_version_and_retires_the_one_before(city: City, viewer_of: ViewerOf) -> None:
    form = FormFactory.create(unit=city["school"])
    with one_event("form.published") as written:
        version = services.publish(viewer_of("office"), form, checklist())
    assert (version.number, version.questions, version.digest) == (2, 5, digest(checklist()))
    assert written.event.data == {"code": form.code, "number": 2, "questions": 5}
    first = form.versions.get(number=1)
    assert first.retired_at is not None
    assert version.retired_at is None


def test_the_same_source_makes_no_version(city: City, viewer_of: ViewerOf) -> None:
    form = FormFactory.create(unit=city["school"], source=checklist())
    with nothing_changes():
        assert services.publish(viewer_of("office"), form, checklist()).number == 1


def test_a_version_that_was_filled_is_never_changed(city: City, viewer_of: ViewerOf) -> None:
    form = FormFactory.create(unit=city["school"], source=checklist())
    copy = SubmissionFactory.create(version=form.versions.get(), unit=city["school"])
    services.publish(viewer_of("office"), form, source(question("new", "text")))
    copy.refresh_from_db()
    assert copy.version.number == 1
    assert copy.version.source == checklist()
    assert list(queries.verify_forms()) == []


def test_verify_names_a_version_that_was_altered_and_the_copies_on_it(city: City) -> None:
    copy = SubmissionFactory.create()
    FormVersion.objects.filter(pk=copy.version.pk).update(source=checklist())
    assert [fault.what for fault in queries.verify_forms()] == ["its questions were altered"]
    FormVersion.objects.filter(pk=copy.version.pk).update(digest=digest(checklist()))
    assert [fault.what for fault in queries.verify_forms()] == ["its form is not the one that was filled"]


def test_verify_names_a_copy_whose_answers_were_altered() -> None:
    copy = SubmissionFactory.create()
    copy.answers = {"remark": "改过的"}
    copy.save(update_fields=["answers"])
    assert [(fault.subject, fault.what) for fault in queries.verify_forms()] == [
        (f"submission {copy.uid}", "its answers were altered")
    ]


def test_a_form_with_mistakes_is_refused_with_all_of_them(city: City, viewer_of: ViewerOf) -> None:
    form = FormFactory.create(unit=city["school"])
    bad = source(question("a", "counted"), question("a", "matrix"))
    with nothing_changes(), pytest.raises(services.RefusedAll) as caught:
        services.publish(viewer_of("office"), form, bad)
    assert [each.code for each in caught.value.problems] == ["counted_rule", "unknown_kind"]
    assert caught.value.mend


@pytest.mark.parametrize("who", ["stranger", "other_clerk", "clerk", "head", "reader"])
def test_who_does_not_manage_forms_publishes_none(who: str, city: City, viewer_of: ViewerOf) -> None:
    form = FormFactory.create(unit=city["school"])
    with nothing_changes(), pytest.raises(Missing):
        services.publish(viewer_of(who), form, checklist())
    with nothing_changes(), pytest.raises(Missing):
        services.retire(viewer_of(who), form, reason="不用了")


def test_a_shipped_form_is_changed_by_who_manages_the_whole_city(city: City, viewer_of: ViewerOf) -> None:
    form = FormFactory.create(unit=None)
    assert services.publish(viewer_of("office"), form, checklist()).number == 2
    with pytest.raises(Missing):
        services.publish(viewer_of("head"), form, source(question("x", "text")))


def test_a_retired_form_takes_no_version_and_is_retired_once(city: City, viewer_of: ViewerOf) -> None:
    form = FormFactory.create(unit=city["school"])
    with one_event("form.retired") as written:
        services.retire(viewer_of("office"), form, reason="改用新表")
    assert written.event.detail.text == "改用新表"
    assert form.retired_on == clock.today()
    with pytest.raises(Refused, match="停用"):
        services.publish(viewer_of("office"), form, checklist())
    with nothing_changes(), pytest.raises(Conflict):
        services.retire(viewer_of("office"), form, reason="再停")


def test_one_form_has_one_current_version(city: City) -> None:
    form = FormFactory.create(unit=city["school"])
    with pytest.raises(IntegrityError), transaction.atomic():
        FormVersion.objects.create(
            form=form, number=2, source={}, digest="x", questions=1, published_at=clock.now(), retired_at=None
        )
