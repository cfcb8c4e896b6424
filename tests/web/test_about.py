"""What the product does not do, said to anybody before they sign in."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.city import City

pytestmark = pytest.mark.django_db
PROMISES = ("不打卡", "不给个人积分、排名", "不要求重复填报", "不记学生姓名", "不写没有记录的数")


def test_anybody_reads_the_promises(client: Client) -> None:
    text = client.get("/about/").content.decode()
    for promise in PROMISES:
        assert promise in text, promise


def test_the_sign_in_page_and_every_page_behind_it_lead_there(city: City, client: Client) -> None:
    about = f'href="{reverse("about")}"'
    assert about in client.get(reverse("sign-in")).content.decode()
    assert about in city.client("clerk").get(reverse("workbench")).content.decode()


def test_the_front_door_leads_to_sign_in_or_to_the_bench(city: City, client: Client) -> None:
    assert client.get("/").headers["Location"] == reverse("sign-in")
    assert city.client("clerk").get("/").headers["Location"] == reverse("workbench")


@pytest.mark.parametrize("address", ["/about/", "/sign-in/", "/f/", "/desk/", "/no-such-page"])
def test_every_page_carries_the_strict_policy_and_loads_nothing_from_elsewhere(city: City, address: str) -> None:
    page = city.client("clerk").get(address, follow=True)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    text = page.content.decode()
    assert "http://" not in text.replace("http://www.w3.org/", "")
    assert "https://" not in text
    assert " style=" not in text
    assert "<script>" not in text
