"""The page that answers the one search box: a few of each noun, more of one, and nothing of what is not one's own."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chuangwen.core import search
from chuangwen.web.views import MANY_OF_EACH
from tests.factories import records
from tests.factories.city import City
from tests.factories.duties import DutyFactory
from tests.factories.people import PersonFactory
from tests.factories.places import MIDDLE, place

pytestmark = pytest.mark.django_db
PAGE = "/search/"


def shown(client: Client, words: str, **more: str) -> Any:
    answer = client.get(PAGE, {"q": words, **more})
    assert answer.status_code == 200
    return answer


def labels(page: Any) -> dict[str, list[str]]:
    return {group.noun.key: [ref.label for ref in group.refs] for group in page.context["found"].groups}


def test_the_field_stands_on_every_page_of_the_desk_and_leads_here(city: City) -> None:
    text = city.client("clerk").get("/desk/").content.decode()
    assert f'action="{PAGE}"' in text
    assert 'name="q"' in text
    assert f'class="cw-search__go" href="{PAGE}"' in " ".join(text.split())


def test_everything_with_the_words_is_shown_by_noun_and_the_words_are_marked(city: City) -> None:
    there = place(city["school"], name="文庙路口")
    PersonFactory.create(unit=city["school"], code="t1", name="文静", title="庙会联络")
    search.reindex()
    page = shown(city.client("head"), "文")
    assert labels(page) == {"place": ["文庙路口"], "person": ["安澜市实验小学 文静"]}
    text = page.content.decode()
    assert "<mark>文</mark>庙路口" in text
    assert reverse("place", args=[there.uid]) in text
    assert 'value="文"' in text


def test_more_of_one_noun_leads_to_that_one_alone(city: City) -> None:
    for number in range(MANY_OF_EACH + 2):
        place(city["school"], name=f"文庙路{number}号", at=(MIDDLE[0], MIDDLE[1] + number / 1000))
    PersonFactory.create(unit=city["school"], code="t1", name="文庙")
    search.reindex()
    client = city.client("head")
    page = shown(client, "文庙")
    assert [(len(group.refs), group.more) for group in page.context["found"].groups] == [
        (MANY_OF_EACH, True),
        (1, False),
    ]
    assert "?q=%E6%96%87%E5%BA%99&amp;noun=place" in page.content.decode()
    alone = shown(client, "文庙", noun="place")
    assert {noun: len(rows) for noun, rows in labels(alone).items()} == {"place": MANY_OF_EACH + 2}
    assert client.get(PAGE, {"q": "文庙", "noun": "pupil"}).status_code == 404


def test_a_number_that_is_meant_stands_on_top(city: City) -> None:
    there = place(city["school"], name="东侧", code="11-0512")
    place(city["school"], name="西侧 11-0512 旁", at=(111.7, 29.04))
    search.reindex()
    page = shown(city.client("head"), "11-0512")
    assert there.uid in {ref.uid for _noun, ref in page.context["found"].exact}
    assert page.content.decode().index("名称或编号正是它") < page.content.decode().index("<h2>点位</h2>")


def test_what_is_another_units_is_not_there_at_all(city: City) -> None:
    PersonFactory.create(unit=city["second"], code="t1", name="文静")
    search.reindex()
    text = shown(city.client("clerk"), "文静").content.decode()
    assert "没有找到" in text
    assert "t1" not in text
    assert "更多" not in text


@pytest.mark.parametrize("part", ["stranger", "clerk", "office"])
def test_a_page_asks_at_most_twelve_times(
    city: City, part: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    records.build(city)
    DutyFactory.create(unit=city["school"], name=records.NOTE)
    search.reindex()
    client = city.client(part)
    for words in (records.NOTE, "小学", "demo-primary", ""):
        with django_assert_max_num_queries(12):
            shown(client, words)
    if part != "stranger":
        assert len(labels(shown(client, "实验小学"))) >= 4


def test_a_script_among_the_words_is_shown_as_it_is_written(city: City) -> None:
    place(city["school"], name="<b>文庙</b>路")
    search.reindex()
    text = shown(city.client("head"), '"><script>alert(1)</script>').content.decode()
    assert "<script>alert" not in text
    assert "&quot;&gt;&lt;script&gt;" in text
    text = shown(city.client("head"), "文庙").content.decode()
    assert "&lt;b&gt;<mark>文庙</mark>&lt;/b&gt;路" in text


def test_two_hundred_characters_of_nonsense_find_nothing_and_break_nothing(city: City) -> None:
    place(city["school"], name="文庙路")
    search.reindex()
    client = city.client("head")
    for words in ("文庙" * 100, "a1-" * 70, "文 " * 100, "'\"*():^%_\\" * 20, "🀄" * 200):
        shown(client, words)
    assert labels(shown(client, "文庙" * 100)) == {}


def test_without_words_it_says_what_can_be_looked_for(city: City) -> None:
    text = shown(city.client("clerk"), " ").content.decode()
    assert "写下要找的" in text
    assert "事项、点位、单位、人员、文书、勤务、佐证" in "".join(text.split())
    english = city.client("clerk").get(PAGE, headers={"accept-language": "en"}).content.decode()
    assert "写下要找的" not in english
