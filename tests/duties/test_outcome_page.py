"""The page of one outcome: what it says, where it comes from, what happened to it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core.models import Import
from chuangwen.duties import services
from chuangwen.interop import services as interop
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.interop.workbooks import outcomes


def test_it_names_the_file_sheet_and_row_from_which_it_came(city: City, client_of: Callable[[str], Client]) -> None:
    sent = interop.take_workbook(city.viewer("clerk"), unit=city["school"], name="四月.xlsx", chunks=[outcomes()])
    done = interop.bring_in(sent)
    assert isinstance(done, Import)
    (first, *_rest) = client_of("clerk").get(reverse("outcomes"), {"sort": "day"}).context["list"].rows
    (link,) = [cell.url for cell in first if cell.url]
    text = client_of("clerk").get(link).content.decode()
    assert "四月.xlsx" in text
    assert "成效登记第4行" in text.replace(" ", "")


def test_its_history_says_who_changed_what_and_why_newest_first(city: City, client_of: Callable[[str], Client]) -> None:
    row = OutcomeFactory.create(unit=city["c98"], amount=3)
    services.correct_outcome(city.viewer("clerk"), uid=row.uid, amount=8, reason="漏数了五袋")
    services.withdraw_outcome(city.viewer("head"), uid=row.uid, reason="记到别班去了")
    answer = client_of("clerk").get(reverse("outcome", args=[row.uid]))
    text = answer.content.decode()
    assert [event.verb for event in answer.context["history"]] == ["outcome.withdrawn", "outcome.corrected"]
    assert text.index("记到别班去了") < text.index("漏数了五袋")


@pytest.mark.parametrize("part", ["clerk", "recorder", "head", "office"])
def test_who_may_change_it_finds_the_way(city: City, part: str) -> None:
    row = OutcomeFactory.create(unit=city["c98"])
    text = city.client(part).get(reverse("outcome", args=[row.uid])).content.decode()
    assert reverse("correct-outcome", args=[row.uid]) in text


@pytest.mark.parametrize("part", ["other_clerk", "reader", "stranger"])
def test_it_is_not_there_for_the_wrong_person(city: City, part: str) -> None:
    row = OutcomeFactory.create(unit=city["c98"])
    assert city.client(part).get(reverse("outcome", args=[row.uid])).status_code == 404
