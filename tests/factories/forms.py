# mypy: disable-error-code="no-untyped-call"
"""Forms and filled copies for tests: a small form of its own, or whatever source is given."""

from typing import Any

from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from chuangwen.core import clock
from chuangwen.core.digests import digest
from chuangwen.forms import queries
from chuangwen.forms.models import Form, FormVersion, Submission
from tests.factories.people import PersonFactory, UnitFactory


def text(zh: str, en: str = "") -> dict[str, str]:
    return {"zh": zh, "en": en}


def question(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "label": text(f"题 {key}", f"Question {key}"), **more}


def source(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A form with one section."""
    section = {"key": "part", "title": text("一", "One"), "questions": list(questions)}
    return {"title": text("小表", "Small form"), "sections": [section], **more}


def checklist() -> dict[str, Any]:
    """One item of each kind that is met or not, and a remark."""
    return source(
        question("clean", "check", proof=["note"], indexed=True),
        question("notices", "counted", at_least=5, measure=text("处", "places"), proof=["note"], indexed=True),
        question("recited", "asked", asked=5, correct=3, measure=text("名", "persons")),
        question("lit", "share", percent=95, measure=text("盏", "lamps")),
        question("remark", "text", required=False, indexed=True),
    )


MET: dict[str, Any] = {
    "clean": "met", "notices": 6, "recited": 4, "recited__asked": 5, "lit": 96, "lit__asked": 100,
}  # fmt: skip


class FormFactory(DjangoModelFactory[Form]):
    """With its first version."""

    class Meta:
        model = Form
        skip_postgeneration_save = True

    code = Sequence(lambda number: f"form-{number}")
    name = Sequence(lambda number: f"小表 {number}")
    purpose, basis, minutes = "试", "测试", 2

    @classmethod
    def _create(cls, model_class: type[Form], *args: Any, **kwargs: Any) -> Form:
        asked = kwargs.pop("source", None) or source(question("remark", "text", required=False))
        form: Form = super()._create(model_class, *args, **kwargs)
        FormVersionFactory.create(form=form, source=asked)
        return form


class FormVersionFactory(DjangoModelFactory[FormVersion]):
    class Meta:
        model = FormVersion

    number = 1
    source = LazyFunction(checklist)
    digest = LazyAttribute(lambda version: digest(version.source))
    questions = LazyAttribute(lambda version: sum(len(each["questions"]) for each in version.source["sections"]))
    published_at = LazyFunction(clock.now)


class SubmissionFactory(DjangoModelFactory[Submission]):
    class Meta:
        model = Submission

    version = LazyFunction(lambda: FormVersion.objects.get(form=FormFactory.create()))
    version_digest = LazyAttribute(lambda copy: copy.version.digest)
    unit = SubFactory(UnitFactory, school=True)
    filled_by = LazyAttribute(lambda copy: PersonFactory.create(unit=copy.unit))
    place = None
    day = LazyFunction(clock.today)
    started_at = LazyFunction(clock.now)
    filled_at = LazyFunction(clock.now)
    answers = LazyFunction(dict)
    digest = LazyAttribute(
        lambda copy: queries.digest_of(copy.version.digest, copy.place.uid if copy.place else None, copy.answers)
    )
