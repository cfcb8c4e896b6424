"""Closed cases are drawn by lot and looked at again by somebody else; anybody can draw again and compare."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuangwen.cases import revisiting, services
from chuangwen.cases.models import Case, CaseStep, Finding, Revisit, RevisitDraw
from chuangwen.cases.services import Given
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import Event
from tests.factories.cases import category, closed, photo
from tests.factories.city import City
from tests.factories.places import place

pytestmark = pytest.mark.practice("A10")


def draw(city: City, **more: Any) -> RevisitDraw:
    today = clock.today()
    values: dict[str, Any] = {"closed_from": today, "closed_to": today, "share": 50} | more
    return services.draw(city.viewer("dispatcher"), unit=city["city"], **values)


def several(city: City, count: int = 3) -> list[Case]:
    return [closed(city, number=20 + number, title=f"第 {number} 件") for number in range(count)]


def only(row: RevisitDraw) -> Revisit:
    return row.revisits.select_related("case").get()


def test_a_draw_takes_the_share_rounded_up_and_keeps_what_it_takes_to_repeat_it(city: City) -> None:
    several(city)
    row = draw(city, seed=7)
    assert (row.population, row.revisits.count(), row.seed) == (3, 2, 7)
    assert row.population_digest == revisiting.digest_of(str(uid) for uid in Case.objects.values_list("uid", flat=True))
    assert revisiting.holds(row).holds
    event = Event.objects.get(verb="revisit.drawn")
    assert event.data == {"population": 3, "drawn": 2, "share": 50, "seed": "7"}


def test_without_a_seed_one_is_made_and_kept(city: City) -> None:
    several(city, 2)
    row = draw(city)
    assert row.seed >= 0
    assert revisiting.holds(row).holds


def test_the_second_draw_of_the_same_days_takes_from_the_rest(city: City) -> None:
    several(city)
    first, second = draw(city), draw(city)
    assert second.population == 1
    assert not set(first.revisits.values_list("case", flat=True)) & set(second.revisits.values_list("case", flat=True))
    assert revisiting.holds(second).holds
    with pytest.raises(Refused, match="抽过了"):
        draw(city)


@pytest.mark.parametrize(
    "more",
    [
        {"share": 0},
        {"share": 101},
        {"closed_to": date(2020, 1, 1)},
        {"closed_to": date(2100, 1, 1)},
        {"closed_from": date(2020, 1, 1), "closed_to": date(2020, 2, 1)},
    ],
)
def test_days_or_a_share_that_will_not_do_are_refused(city: City, more: dict[str, Any]) -> None:
    several(city, 1)
    with pytest.raises(Refused):
        draw(city, **more)


def test_who_does_not_dispatch_draws_nothing(city: City) -> None:
    several(city, 1)
    today = clock.today()
    with pytest.raises(Missing):
        services.draw(city.viewer("supervisor"), unit=city["city"], closed_from=today, closed_to=today, share=10)


def test_what_holds_stays_closed_and_says_so(city: City) -> None:
    several(city, 1)
    row = only(draw(city))
    actor = city.viewer("supervisor")
    services.look(actor, uid=row.uid, finding=Finding.HOLDS, photos=[photo(actor, actor.person.unit, 91)])
    row.refresh_from_db()
    assert (row.finding, row.looked_by, row.case.state) == ("holds", actor.person, "closed")
    step = CaseStep.objects.get(verb="revisit")
    assert step.photos.get().shows == "check"
    assert Event.objects.get(verb="case.revisit").data["revisit"] == str(row.uid)


def test_what_is_there_again_is_worked_on_again(city: City) -> None:
    several(city, 1)
    row = only(draw(city))
    services.look(city.viewer("supervisor"), uid=row.uid, finding=Finding.RELAPSED, reason="又停满了")
    row.refresh_from_db()
    case = Case.objects.get(pk=row.case_id)
    assert (row.finding, case.state, case.reopened, case.closed_at) == ("relapsed", "working", 1, None)
    assert case.lead == city["bureau"]
    assert CaseStep.objects.get(verb="relapse").text == "又停满了"


def test_a_relapse_needs_its_words(city: City) -> None:
    several(city, 1)
    row = only(draw(city))
    with pytest.raises(Refused, match="没有写原因"):
        services.look(city.viewer("supervisor"), uid=row.uid, finding=Finding.RELAPSED)
    row.refresh_from_db()
    assert row.finding == ""


@pytest.mark.parametrize("finding", Finding.values)
def test_who_closed_it_does_not_look_again(city: City, finding: str) -> None:
    several(city, 1)
    row = only(draw(city))
    with pytest.raises(Refused, match="核验结案的人"):
        services.look(city.viewer("dispatcher"), uid=row.uid, finding=finding, reason="看过")


def test_who_fixed_it_does_not_look_again(city: City) -> None:
    several(city, 1)
    row = only(draw(city))
    grant = city.persons["lead_clerk"].grants.get()
    city.persons["lead_clerk"].grants.create(role_id="supervisor", unit=city["city"], since=grant.since)
    with pytest.raises(Refused, match="不能核验自己办的"):
        services.look(city.viewer("lead_clerk"), uid=row.uid, finding=Finding.HOLDS)


def test_who_may_not_verify_or_see_it_finds_nothing(city: City) -> None:
    several(city, 1)
    row = only(draw(city))
    for part in ("lead_other", "stranger"):
        with pytest.raises(Missing):
            services.look(city.viewer(part), uid=row.uid, finding=Finding.HOLDS)


def test_the_second_answer_is_a_conflict(city: City) -> None:
    several(city, 1)
    row = only(draw(city))
    services.look(city.viewer("supervisor"), uid=row.uid, finding=Finding.HOLDS)
    with pytest.raises(Conflict):
        services.look(city.viewer("supervisor"), uid=row.uid, finding=Finding.HOLDS)


def test_a_draw_still_repeats_after_cases_were_found_relapsed_and_closed_again(city: City) -> None:
    cases = several(city)
    row = draw(city, share=100)
    for revisit in row.revisits.all():
        services.look(city.viewer("supervisor"), uid=revisit.uid, finding=Finding.RELAPSED, reason="又在")
    assert revisiting.holds(row).holds
    actor = city.viewer("lead_clerk")
    again = photo(actor, city["bureau"], 95)
    services.move(actor, uid=cases[0].uid, verb="fix", given=Given(reason="又清走", photos=[again]))
    services.move(city.viewer("dispatcher"), uid=cases[0].uid, verb="verify")
    assert revisiting.holds(row).holds


def test_a_list_that_was_tampered_with_does_not_repeat(city: City) -> None:
    several(city, 4)
    row = draw(city, share=25)
    other = Case.objects.exclude(pk=only(row).case_id).first()
    assert other is not None
    Revisit.objects.update(case=other)
    found = revisiting.holds(row)
    assert (found.same_population, found.same_cases) == (True, False)


def test_what_changed_is_named_when_the_cases_to_draw_from_are_others(city: City) -> None:
    several(city, 2)
    row = draw(city, share=50)
    gone = only(row).case
    Case.objects.filter(pk=gone.pk).update(closed_at=clock.now() - timedelta(days=40))
    found = revisiting.holds(row)
    assert (found.same_population, found.then, found.now, found.gone) == (False, 2, 1, [gone])


def test_a_relapse_seen_outside_a_draw_answers_the_draws_in_which_it_waits(city: City) -> None:
    case = several(city, 1)[0]
    row = only(draw(city))
    services.move(city.viewer("supervisor"), uid=case.uid, verb="relapse", given=Given(reason="路过看到"))
    row.refresh_from_db()
    assert row.finding == "relapsed"


def test_the_pages_draw_walk_and_take_answers(city: City, django_assert_max_num_queries: Any) -> None:
    there = place(city["city"], name="石桥市场")
    for number in range(4):
        closed(city, number=40 + number, title=f"第 {number} 件", place=there)
    office, eye = city.client("dispatcher"), city.client("supervisor")
    today = clock.today().isoformat()
    answer = office.post(reverse("revisits"), {"closed_from": today, "closed_to": today, "share": 50})
    assert answer.status_code == 302
    row = RevisitDraw.objects.get()
    with django_assert_max_num_queries(12):
        assert eye.get(reverse("revisits")).status_code == 200
    with django_assert_max_num_queries(12):
        text = eye.get(answer["Location"]).content.decode()
    first, second = row.revisits.all()
    assert reverse("look-revisit", args=[first.uid]) in text
    eye.post(reverse("look-revisit", args=[first.uid]), {"finding": "holds"})
    form = eye.get(reverse("look-revisit", args=[second.uid]) + "?finding=relapsed").content.decode()
    assert "checked" in form
    refused = eye.post(reverse("look-revisit", args=[second.uid]), {"finding": "relapsed", "reason": ""})
    assert "写一句看到什么" in refused.content.decode()
    eye.post(reverse("look-revisit", args=[second.uid]), {"finding": "relapsed", "reason": "又满了"})
    assert set(Revisit.objects.values_list("finding", flat=True)) == {"holds", "relapsed"}
    assert "抽得没有问题" in eye.get(answer["Location"] + "?repeat=1").content.decode()


def test_last_month_is_proposed_until_it_was_drawn(city: City) -> None:
    case = several(city, 1)[0]
    last = clock.today().replace(day=1) - timedelta(days=1)
    Case.objects.filter(pk=case.pk).update(closed_at=clock.midnight(last))
    found = revisiting.proposal(city["city"])
    assert found is not None
    assert (found.start, found.end, found.closed, found.share) == (last.replace(day=1), last, 1, 10)
    assert "还没有抽过" in city.client("dispatcher").get(reverse("revisits")).content.decode()
    draw(city, closed_from=found.start, closed_to=found.end)
    assert revisiting.proposal(city["city"]) is None


def test_who_sees_no_cases_has_no_pages(city: City) -> None:
    several(city, 1)
    row = draw(city)
    for address in (
        reverse("revisits"),
        reverse("relapses"),
        reverse("revisit-draw", args=[row.uid]),
        reverse("look-revisit", args=[only(row).uid]),
    ):
        assert city.client("stranger").get(address).status_code == 404


def test_spots_where_the_same_came_back_twice_open_to_their_cases(
    city: City, django_assert_max_num_queries: Any
) -> None:
    there = place(city["city"], name="石桥市场")
    first = closed(city, number=60, place=there)
    for number in range(2):
        case = closed(city, number=61 + number, place=there, title=f"再次 {number}")
        Case.objects.filter(pk=case.pk).update(relapse_of=first, category=category())
    once = closed(city, number=70, title="只一次", address="文庙路 9 号")
    Case.objects.filter(pk=once.pk).update(relapse_of=first)
    spots = revisiting.spots(city.viewer("dispatcher"))
    assert [(spot.where, spot.times) for spot in spots] == [("石桥市场", 2)]
    office = city.client("dispatcher")
    with django_assert_max_num_queries(12):
        text = office.get(reverse("relapses")).content.decode()
    assert "石桥市场" in text
    listed = office.get(spots[0].url).content.decode()
    assert ("再次 0" in listed, "再次 1" in listed, "只一次" in listed) == (True, True, False)
