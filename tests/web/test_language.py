"""Chinese first, English complete, and the switch on every page, before signing in too."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.interop.queries import table_of
from tests.factories import records
from tests.factories.city import City
from tests.factories.records import Records
from tests.factories.state import everything

pytestmark = pytest.mark.django_db
HAN = re.compile(r"[\u3400-\u9fff]+")
# Rows that carry an English name must show it; what other rows say in Chinese is data and stays.
WITH_ENGLISH = {
    "people.Level", "people.UnitKind", "people.Role", "duties.OutcomeKind", "metrics.Metric", "reports.ReportForm",
    "core.Event",
}  # fmt: skip
# The city, the brand, its seal, and the switch back to Chinese.
PROPER = {"安澜市", "创文", "中"}
PAGES = (
    "workbench", "events", "about", "profile", "change-password", "units", "outcomes", "new-outcome", "shifts",
    "attendances", "metrics", "reports", "new-report", "imports", "find-document",
)  # fmt: skip


@pytest.fixture
def own(city: City) -> Records:
    return records.build(city)


def addresses(city: City, own: Records) -> list[str]:
    school, group = city["school"].code, city["group"].code
    return [reverse(name) for name in PAGES] + [
        reverse("unit", args=[school]),
        reverse("unit", args=[group]),
        reverse("persons", args=[school]),
        *(reverse(name, args=[school]) for name in ("new-group", "new-person", "new-grant")),
        reverse("new-member", args=[group]),
        reverse("person", args=[own.teacher.uid]),
        reverse("outcome", args=[own.outcome.uid]),
        reverse("correct-outcome", args=[own.outcome.uid]),
        reverse("withdraw-outcome", args=[own.outcome.uid]),
        reverse("shift", args=[own.shift.uid]),
        reverse("metric", args=["outcome.litter@1"]) + f"?unit={school}",
        reverse("import", args=[own.import_row.uid]),
        reverse("open-code", args=[own.report.code]),
        "/no-such-page",
        "/outcomes/?q=nothing-like-it",
        "/outcomes/?from=gestern",
    ]


def test_the_switch_is_on_the_sign_in_page_and_is_kept_in_a_cookie(client: Client) -> None:
    page = client.get("/sign-in/?next=/desk/")
    assert 'name="language" value="en"' in page.content.decode()
    assert '<html lang="zh-CN"' in page.content.decode()
    done = client.post(reverse("set_language"), {"language": "en", "next": "/sign-in/?next=/desk/"})
    assert done.headers["Location"] == "/sign-in/?next=/desk/"
    assert client.cookies["django_language"].value == "en"
    english = client.get("/sign-in/?next=/desk/").content.decode()
    assert '<html lang="en"' in english
    assert "Sign in" in english
    assert 'name="language" value="zh-hans"' in english


def test_the_switch_stays_on_every_page(city: City, own: Records) -> None:
    client = city.client("office")
    without = []
    for address in addresses(city, own):
        text = client.get(address).content.decode()
        back = address.replace("&", "&amp;")
        if 'name="language" value="en"' not in text or f'name="next" value="{back}"' not in text:
            without.append(address)
    assert without == []


def test_the_switch_leads_to_no_other_host(client: Client) -> None:
    done = client.post(reverse("set_language"), {"language": "en", "next": "https://evil.example/"})
    assert done.headers["Location"] == "/"


def test_a_language_that_there_is_not_changes_nothing(client: Client) -> None:
    client.post(reverse("set_language"), {"language": "tlh", "next": "/about/"})
    assert "django_language" not in client.cookies


def test_chinese_is_what_one_gets_unasked_and_english_when_the_browser_asks_for_it(client: Client) -> None:
    assert '<html lang="zh-CN"' in client.get("/about/").content.decode()
    assert '<html lang="en"' in client.get("/about/", headers={"Accept-Language": "en"}).content.decode()


def test_an_english_page_has_no_chinese_but_data_and_proper_nouns(city: City, own: Records) -> None:
    client = city.client("office")
    client.cookies["django_language"] = "en"
    data = "\n".join(repr(rows) for table, rows in everything().items() if table not in WITH_ENGLISH)
    # A column is named as it stands in a clerk's workbook.
    data += "".join(column.label for column in table_of(city.viewer("clerk"), city["school"], "outcome").columns)
    left: dict[str, set[str]] = {}
    for address in addresses(city, own):
        text = re.sub(r'<svg class="cw-seal".*?</svg>', "", client.get(address).content.decode(), flags=re.DOTALL)
        for run in HAN.findall(text):
            if run not in PROPER and run not in data:
                left.setdefault(address, set()).add(run)
    assert left == {}


def test_a_row_with_an_english_name_shows_it(city: City, own: Records) -> None:
    client = city.client("office")
    client.cookies["django_language"] = "en"
    assert "Litter picked up" in client.get("/outcomes/").content.decode()
    assert "Anlan City" in client.get("/units/").content.decode()
    assert "Clerk of a unit" in client.get(reverse("person", args=[city.persons["clerk"].uid])).content.decode()


def test_a_sentence_of_refusal_is_english_too(city: City) -> None:
    client = city.client("clerk")
    client.cookies["django_language"] = "en"
    page = client.post(reverse("new-person", args=["demo-primary"]), {"code": "clerk", "name": "Someone"})
    (sentence,) = page.context["form"].errors["code"]
    assert not HAN.search(sentence)
