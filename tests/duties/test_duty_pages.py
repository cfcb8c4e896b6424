"""The list of posts, teams and other duties, the page of one, and what a shift's page says beside who came."""

from collections.abc import Callable
from datetime import date, datetime, time
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chuangwen.core import clock
from chuangwen.core.registry import digests, resolve
from chuangwen.duties.models import Band, Duty, DutyKind, Rank, Shift
from tests.factories.city import City
from tests.factories.duties import AttendanceFactory, DutyFactory, ShiftFactory

DAY = date(2026, 8, 10)


@pytest.fixture
def post(city: City) -> Duty:
    found: Duty = DutyFactory.create(unit=city["school"], kind=DutyKind.POST, name="文庙路口", place="文庙路")
    DutyFactory.create(unit=city["school"], kind=DutyKind.ROUND, name="领导巡查", rank=Rank.LEADER, times_per_day=1)
    DutyFactory.create(unit=city["second"], kind=DutyKind.POST, name="学府路口")
    return found


@pytest.fixture
def manned(post: Duty) -> Shift:
    found: Shift = ShiftFactory.create(
        duty=post, number="", day=DAY, band=Band.NIGHT, required=3, met=1, story="一人临时调往事故现场"
    )
    return found


def names(client: Client, **query: str) -> list[str]:
    return [str(row[0].text) for row in client.get(reverse("duties"), query).context["list"].rows]


@pytest.mark.usefixtures("post")
def test_one_sees_the_duties_of_ones_own_units_by_kind_and_unit(client_of: Callable[[str], Client]) -> None:
    assert sorted(names(client_of("clerk"))) == ["文庙路口", "领导巡查"]
    assert names(client_of("clerk"), kind="round") == ["领导巡查"]
    assert names(client_of("clerk"), rank="leader") == ["领导巡查"]
    assert names(client_of("other_clerk")) == ["学府路口"]
    assert sorted(names(client_of("office"), kind="post")) == ["学府路口", "文庙路口"]
    assert names(client_of("office"), unit="demo-second-primary") == ["学府路口"]


def test_a_withdrawn_duty_is_on_no_list_and_still_opens(client_of: Callable[[str], Client], post: Duty) -> None:
    Duty.objects.filter(pk=post.pk).update(withdrawn_at=clock.now())
    assert names(client_of("clerk")) == ["领导巡查"]
    text = client_of("clerk").get(reverse("duty", args=[post.uid])).content.decode()
    assert "已撤回，不计入任何数字" in text


def test_the_page_of_a_post_says_what_it_is_and_lists_its_shifts(
    client_of: Callable[[str], Client], post: Duty, manned: Shift, city: City
) -> None:
    group = DutyFactory.create(unit=city["school"], kind=DutyKind.SUPERVISION, name="第一督导组")
    ShiftFactory.create(duty=group, number="", target=post, day=DAY)
    answer = client_of("clerk").get(reverse("duty", args=[post.uid]))
    text = unescape(answer.content.decode())
    for part in ("文庙路口", "执勤岗点", "文庙路", "被督导 1 次", "夜间"):
        assert part in text, part
    (row,) = answer.context["list"].rows
    cells = {cell.col.key: str(cell.text) for cell in row}
    assert (cells["starts"], cells["met"], cells["required"]) == ("15:00—17:00", "1", "3")


@pytest.mark.parametrize("part", ["other_clerk", "recorder", "reader", "stranger"])
def test_the_duty_of_the_school_is_not_there_for_the_wrong_person(
    client_of: Callable[[str], Client], post: Duty, part: str
) -> None:
    assert client_of(part).get(reverse("duty", args=[post.uid])).status_code == 404


def test_the_page_of_a_manned_post_says_band_heads_and_note(client_of: Callable[[str], Client], manned: Shift) -> None:
    text = unescape(client_of("clerk").get(reverse("shift", args=[manned.uid])).content.decode())
    for part in ("文庙路口", "2026-08-10", "15:00—17:00", "夜间", "1/3", "一人临时调往事故现场"):
        assert part in text, part
    assert "名单" not in text


def test_the_page_of_an_event_says_how_it_went_and_how_many_photos_there_are(
    client_of: Callable[[str], Client], city: City
) -> None:
    works = DutyFactory.create(unit=city["school"], kind=DutyKind.PROJECT, name="标识统一")
    shift = ShiftFactory.create(
        duty=works, number="G03", day=DAY, required=19, photos=7, story="逐块核对。\n统一高度。",
        ends_at=timezone.make_aware(datetime.combine(date(2026, 8, 14), time(18))),
    )  # fmt: skip
    text = unescape(client_of("clerk").get(reverse("shift", args=[shift.uid])).content.decode())
    for part in ("标识统一", "2026-08-10 — 2026-08-14", "目标人数", "19", "统一高度。", "本单位留存 7 张"):
        assert part in text, part


@pytest.mark.usefixtures("manned")
def test_the_log_finds_the_posts_that_were_not_fully_manned(client_of: Callable[[str], Client], post: Duty) -> None:
    ShiftFactory.create(duty=post, number="", day=DAY, band=Band.PEAK, required=2, met=2)
    for query, count in (({"short": "yes"}, 1), ({"band": "peak"}, 1), ({"kind": "post"}, 2), ({"kind": "round"}, 0)):
        assert len(client_of("clerk").get(reverse("logs"), query).context["list"].rows) == count


def test_events_and_the_log_are_two_lists(client_of: Callable[[str], Client], city: City, manned: Shift) -> None:
    outing = ShiftFactory.create(duty=DutyFactory.create(unit=city["school"]), number="S01")
    for route, shown in (("shifts", outing), ("logs", manned)):
        (row,) = client_of("clerk").get(reverse(route)).context["list"].rows
        assert [cell.url for cell in row if cell.url] == [reverse("shift", args=[shown.uid])]


def test_the_log_says_of_a_day_of_rounds_how_many_went(client_of: Callable[[str], Client], city: City) -> None:
    rounds = DutyFactory.create(unit=city["school"], kind=DutyKind.ROUND)
    day = ShiftFactory.create(duty=rounds, number="", day=DAY)
    for part, presence in (("clerk", "present"), ("head", "absent")):
        AttendanceFactory.create(shift=day, person=city.persons[part], presence=presence)
    (row,) = client_of("clerk").get(reverse("logs")).context["list"].rows
    cells = {cell.col.key: str(cell.text) for cell in row}
    assert (cells["met"], cells["required"]) == ("1", "2")


def test_a_duty_is_a_noun_that_figures_open_to(city: City, post: Duty) -> None:
    assert resolve("duty", city.viewer("clerk"), [post.uid])[post.uid].url == reverse("duty", args=[post.uid])
    assert resolve("duty", city.viewer("other_clerk"), [post.uid]) == {}
    before = digests("duty", [post.uid])
    Duty.objects.filter(pk=post.pk).update(times_per_day=3)
    assert digests("duty", [post.uid]) != before
    Duty.objects.filter(pk=post.pk).update(withdrawn_at=clock.now())
    assert digests("duty", [post.uid]) == {}


@pytest.mark.parametrize(("field", "value"), [("band", "peak"), ("required", 9), ("met", 9), ("duty", None)])
def test_a_shift_whose_due_or_done_changes_is_another_row(city: City, manned: Shift, field: str, value: object) -> None:
    before = digests("shift", [manned.uid])
    new = value or DutyFactory.create(unit=city["school"], kind=DutyKind.POST)
    Shift.objects.filter(pk=manned.pk).update(**{field: new})
    assert digests("shift", [manned.uid]) != before


def test_an_outing_of_before_is_the_row_that_it_was(city: City) -> None:
    """Documents stand on it: what shifts have learned since is no change of theirs."""
    outing = ShiftFactory.create(duty=DutyFactory.create(unit=city["school"]), number="S01", day=DAY)
    before = digests("shift", [outing.uid])
    Shift.objects.filter(pk=outing.pk).update(story="经过", photos=2, required=30)
    assert digests("shift", [outing.uid]) == before
