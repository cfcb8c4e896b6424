"""How the product says no: pages for people, one shape for programs, and `not yours` looks like `not there`."""

import json
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from chuangwen.core.errors import Conflict, Missing, ProductError, Refused, SignInNeeded
from chuangwen.core.forms import fill_errors
from chuangwen.core.middleware import ErrorMiddleware
from chuangwen.people.forms import TokenForm
from tests.factories.city import City

REFUSED = Refused("日期在今天之后", mend="请改日期", where="day")


def answer(problem: Exception, path: str = "/outcomes/", method: str = "get") -> HttpResponse | None:
    request = getattr(RequestFactory(), method)(path)
    return ErrorMiddleware(lambda _request: HttpResponse()).process_exception(request, problem)


@pytest.mark.parametrize(
    ("problem", "status"), [(REFUSED, 422), (Conflict("刚被改过", mend="请改日期"), 409), (Missing(), 404)]
)
def test_a_page_has_the_status_and_the_way_out(problem: ProductError, status: int) -> None:
    page = answer(problem)
    assert page is not None
    assert page.status_code == status
    text = page.content.decode()
    assert 'href="/"' in text
    if status != 404:
        assert str(problem.message) in text
        assert "请改日期" in text
        assert "什么也没有改动" in text


def test_what_is_not_a_no_of_the_product_is_left_to_django() -> None:
    assert answer(ZeroDivisionError()) is None


def test_a_stranger_is_sent_to_sign_in_and_back_to_the_whole_address() -> None:
    page = answer(SignInNeeded(""), "/outcomes/?kind=a&q=%E8%B7%AF")
    assert page is not None
    assert page.headers["Location"] == "/sign-in/?next=%2Foutcomes%2F%3Fkind%3Da%26q%3D%25E8%25B7%25AF"


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (REFUSED, "refused"),
        (Conflict("刚被改过"), "conflict"),
        (Missing(), "missing"),
        (SignInNeeded("请登录"), "sign_in"),
    ],
)
def test_a_program_gets_one_shape_whatever_is_wrong(problem: ProductError, code: str) -> None:
    reply = answer(problem, "/api/v1/outcomes")
    assert reply is not None
    said = json.loads(reply.content)
    assert said.keys() == {"error"}
    assert said["error"].keys() == {"code", "message", "where", "mend"}
    assert said["error"]["code"] == code
    assert said["error"]["message"]
    assert reply.status_code == problem.status


def test_the_field_that_is_meant_says_what_is_wrong_and_how_to_mend_it() -> None:
    form = TokenForm({"name": "x"})
    form.is_valid()
    with fill_errors(form):
        raise Refused("用过了", mend="换一个", where="name")
    assert form.errors["name"] == ["用过了。换一个"]


def test_a_no_about_no_field_of_the_form_is_said_above_it() -> None:
    form = TokenForm({"name": "x"})
    form.is_valid()
    with fill_errors(form):
        raise Refused("办不了", where="elsewhere")
    assert form.non_field_errors() == ["办不了"]


def test_what_is_missing_is_never_explained_on_a_form() -> None:
    with pytest.raises(Missing), fill_errors(TokenForm({"name": "x"})):
        raise Missing


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "address", ["/no-such-page", "/units/no-such-unit/", "/outcomes/00000000-0000-0000-0000-000000000000/"]
)
def test_the_404_page_speaks_the_readers_language(city: City, language: str, address: str) -> None:
    client = city.client("clerk")
    client.cookies["django_language"] = language
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 404
    with translation.override(language):
        for message in ("没有这一页", "地址不对，或者这里的东西不归您看。"):
            assert translation.gettext(message) in text
    assert ("没有这一页" in text) is (language == "zh-hans")


def test_an_unknown_page_asks_nobody_to_sign_in(client: Client) -> None:
    assert client.get("/no-such-page").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/outcomes/?q=%00", "/desk/?unit=%00", "/metrics/a%00b@1/", "/sign-in/?next=%00", "/units/?x=%00"]
)
def test_an_address_with_a_nul_is_refused_with_a_sentence_on_either_database(city: City, address: str) -> None:
    page = city.client("office").get(address)
    assert page.status_code == 422
    assert "空字符（NUL）" in page.content.decode()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def fall() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("chuangwen.web.views.health.faults", fall)
    return fall


@pytest.mark.usefixtures("broken")
def test_a_fault_of_ours_gives_a_page_that_says_so_in_both_languages() -> None:
    page = Client(raise_request_exception=False).get("/health")
    assert page.status_code == 500
    text = page.content.decode()
    assert "出错了" in text
    assert "Something went wrong" in text
    assert "ZeroDivisionError" not in text
