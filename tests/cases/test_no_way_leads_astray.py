"""Whatever verbs are used by whomever, in whatever order: nobody verifies their own fix, nothing closes without its
proof, and every open case has one running deadline.
"""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangwen.cases import services, workflow
from chuangwen.cases.models import Case, CaseDeadline, CasePhoto, CaseStep, Shows
from chuangwen.cases.rules import is_related
from chuangwen.cases.services import Given, PartGiven
from chuangwen.core import clock
from chuangwen.core.errors import ProductError
from chuangwen.people.access import Viewer
from chuangwen.people.rules import Perm
from tests.factories.cases import CAST, category, opened, photo
from tests.factories.city import City

WHO = (*CAST, "clerk", "head", "other_clerk", "recorder", "stranger")
KINDS = tuple(code for code, kind in workflow.KINDS.items() if not kind.confidential)
UNITS = ("bureau", "squad", "street", "school", "office")
act = st.tuples(
    st.sampled_from(WHO),
    st.sampled_from(sorted(workflow.VERBS)),
    st.sampled_from(UNITS),
    st.sampled_from(UNITS),
    st.booleans(),
)
numbers = count(100)


def words(city: City, who: Viewer, lead: str, other: str, *, with_photo: bool) -> Given:
    parts = [PartGiven(city[other], "配合", blocking=with_photo)] if other != lead else []
    unit = who.person.unit
    photos = [photo(who, unit, next(numbers))] if with_photo and who.can(Perm.EVIDENCE_ADD, unit) else []
    return Given(
        reason="说明", reply="答复", lead=city[lead], parts=parts, category=category(), photos=photos,
        until=clock.now() + timedelta(days=3), leader=city.persons["leader"], handler=who.person,
    )  # fmt: skip


def holds(case: Case) -> None:
    running = list(CaseDeadline.objects.filter(case=case, met_at__isnull=True))
    if case.state in workflow.OPEN:
        assert [(row.due_at, row.phase) for row in running] == [(case.due_at, workflow.PHASE_OF[case.state])]
    else:
        assert (running, case.due_at) == ([], None)
    if case.state == workflow.CLOSED:
        seen_by_another(case)
        proven(case)


def seen_by_another(case: Case) -> None:
    last = CaseStep.objects.filter(case=case, verb="verify").select_related("by__unit").latest("id")
    fix = CaseStep.objects.filter(case=case, verb="fix", id__lt=last.pk).select_related("by__unit").latest("id")
    assert last.by is not None
    assert fix.by is not None
    assert last.by != fix.by
    if case.rules_of_kind.verify_by == workflow.OTHER_UNIT:
        assert case.lead is not None
        assert not last.by.unit.path.startswith(case.lead.path)
        assert last.by.unit != fix.by.unit
        assert last.capacity == "verifier"
        if last.by.unit.code != "anlan-office":
            assert not is_related(last.by.unit.path, case.lead.path)


def proven(case: Case) -> None:
    fix = CaseStep.objects.filter(case=case, verb="fix").latest("id")
    if case.rules_of_kind.proof == workflow.PHOTO:
        assert CasePhoto.objects.filter(case=case, step=fix, shows=Shows.AFTER).exists()
    if case.rules_of_kind.proof != workflow.NO_PROOF:
        assert fix.text


@pytest.mark.practice("A2", "A7")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(KINDS), acts=st.lists(act, min_size=4, max_size=24))
def test_no_sequence_of_verbs_leads_astray(city: City, kind: str, acts: list[tuple[str, str, str, str, bool]]) -> None:
    walk(city, kind, acts)


def walk(city: City, kind: str, acts: list[tuple[str, str, str, str, bool]]) -> set[str]:
    """Uses the verbs one after another, whoever is refused; gives the verbs that were done."""
    case = opened(city, kind=kind, opened_for=city["school"])
    done = set()
    for who, verb, lead, other, with_photo in acts:
        viewer = city.viewer(who)
        try:
            given_words = words(city, viewer, lead, other, with_photo=with_photo)
            services.move(viewer, uid=case.uid, verb=verb, given=given_words)
            done.add(verb)
        except ProductError:
            pass
        holds(Case.objects.get(pk=case.pk))
    return done


WAYS = (
    ("dispatcher", "file"), ("dispatcher", "dispatch"), ("lead_clerk", "accept"), ("lead_clerk", "fix"),
    ("lead_other", "verify"), ("lead_head", "verify"), ("squad_clerk", "verify"), ("street_clerk", "verify"),
    ("dispatcher", "verify"), ("clerk", "dispute"), ("lead_clerk", "fix"), ("supervisor", "verify"),
)  # fmt: skip


@pytest.mark.parametrize("kind", [code for code in KINDS if not workflow.KINDS[code].answered])
def test_every_kind_can_be_closed_by_somebody(city: City, kind: str) -> None:
    steps = [(who, verb, "bureau", "bureau", True) for who, verb in WAYS]
    assert {"file", "dispatch", "accept", "fix", "verify", "dispute"} <= walk(city, kind, steps)
