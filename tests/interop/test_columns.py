"""A workbook with headings of its own is pointed out by hand once, and its like is recognised from then on."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core.models import ColumnName, Event, Import, ImportState
from chuangwen.duties.models import Outcome
from chuangwen.interop import services
from tests.factories.city import City
from tests.factories.state import nothing_changes, one_event
from tests.interop.sending import page, send, told
from tests.interop.test_bring_in import take
from tests.interop.workbooks import GOOD, OUTCOMES, book, outcomes, sheet

ODD = ["哪天", "哪个班", "干了啥", "具体啥", "多少", "补充"]
# The odd headings stand in row 3, under a title and a blank row.
CHOSEN = {
    "table-0": "outcome", "row-0": "3", "col-0-day": "0", "col-0-unit": "1", "col-0-kind": "2", "col-0-type": "3",
    "col-0-amount": "4", "col-0-note": "5",
}  # fmt: skip


def odd(rows: list[list[object]] = GOOD) -> bytes:
    return book(sheet("四月", ODD, rows))


def mapped(client: Client, sent: Import, **more: str) -> Any:
    return client.post(reverse("import-columns", args=[sent.uid]), CHOSEN | more)


def columns_page(client: Client, sent: Import, **asked: str) -> Any:
    answer = client.get(reverse("import-columns", args=[sent.uid]), asked)
    assert answer.status_code == 200
    return answer


@pytest.fixture
def clerk(city: City) -> Client:
    return city.client("clerk")


class TestPointedOut:
    def test_odd_headings_are_mapped_remembered_and_known_the_next_time(self, city: City, clerk: Client) -> None:
        sent = send(clerk, city["school"], odd())
        assert (sent.state, sent.problems[0]["code"]) == (ImportState.REFUSED, "no_table_found")
        assert reverse("import-columns", args=[sent.uid]) in page(clerk, sent)
        with one_event("import.mapped") as written:
            assert mapped(clerk, sent).status_code == 302
        sent.refresh_from_db()
        assert (sent.state, sent.rows) == (ImportState.READY, 3)
        assert written.event.data == {"nouns": ["outcome"], "learned": 6}
        again = send(clerk, city["school"], odd([*GOOD, ["2026-04-08", "c99", "捡拾垃圾", "", 2, ""]]))
        assert (again.state, again.mapping, again.sheets[0]["noun"]) == (ImportState.READY, {}, "outcome")

    def test_the_page_shows_the_first_rows_with_numbers_and_each_column_with_two_values(
        self, city: City, clerk: Client
    ) -> None:
        sent = send(clerk, city["school"], odd())
        answer = columns_page(clerk, sent, **{"table-0": "outcome", "row-0": "3"})
        (found,) = answer.context["sheets"]
        assert [number for number, _cells in found.sample] == [1, 3, 4, 5, 6]
        amount = next(column for column in found.columns if column.key == "amount")
        assert (amount.required, amount.options[4]) == (True, (4, "E　多少：3、2"))
        assert "必须有" in answer.content.decode()

    def test_what_was_recognised_is_filled_in(self, city: City, clerk: Client) -> None:
        sent = send(clerk, city["school"], outcomes())
        (found,) = columns_page(clerk, sent).context["sheets"]
        assert (found.noun, found.header_row) == ("outcome", 3)
        assert [column.position for column in found.columns if column.required] == [0, 1, 2, 4]

    def test_another_heading_row_is_asked_for_and_its_names_are_looked_up(self, city: City, clerk: Client) -> None:
        sent = send(clerk, city["school"], outcomes())
        (found,) = columns_page(clerk, sent, **{"row-0": "4"}).context["sheets"]
        assert {column.position for column in found.columns} == {None}
        with nothing_changes():
            columns_page(clerk, sent, **{"row-0": "nonsense", "table-0": "nothing"})

    def test_a_sheet_may_be_left_out(self, city: City, clerk: Client) -> None:
        data = book(sheet("四月", ODD, GOOD), sheet("草稿", OUTCOMES, [["某天", "c98", "捡拾垃圾", "", 3, ""]]))
        sent = send(clerk, city["school"], data)
        assert sent.state == ImportState.REFUSED
        mapped(clerk, sent, **{"table-1": "", "row-1": "3"})
        sent.refresh_from_db()
        assert (sent.state, [each["sheet"] for each in sent.sheets]) == (ImportState.READY, ["四月"])

    def test_a_heading_that_the_unit_uses_differently_wins(self, city: City, clerk: Client) -> None:
        """说明 is everybody's word for a remark; here it is the kind."""
        twisted = ["日期", "班级", "说明", "细类", "数量"]
        data = book(sheet("成效登记", twisted, [row[:5] for row in GOOD]))
        sent = send(clerk, city["school"], data)
        chosen = {key: value for key, value in CHOSEN.items() if key != "col-0-note"}
        clerk.post(reverse("import-columns", args=[sent.uid]), chosen)
        assert [(name.heading, name.column) for name in ColumnName.objects.all()] == [("说明", "kind")]
        assert send(clerk, city["school"], data).state == ImportState.READY

    def test_units_below_know_what_the_unit_above_taught_and_the_nearest_is_heard(self, city: City) -> None:
        for unit, column in (("education", "amount"), ("school", "note")):
            ColumnName.objects.create(
                unit_uid=city[unit].uid, noun="outcome", heading="多少", column=column,
                created_by=city.persons["clerk"].uid, created_at="2026-01-01T00:00:00+08:00",
            )  # fmt: skip
        headings = ["日期", "班级", "类别", "细类", "多少", "数量"]
        rows = [["2026-04-02", "c98", "捡拾垃圾", "", "路边", 3]]
        services.bring_in(take(city, book(sheet("成效登记", headings, rows))))
        assert (Outcome.objects.get().note, Outcome.objects.get().amount) == ("路边", 3)


class TestRefused:
    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"col-0-amount": ""}, "“数量”还没有指到一列"),
            ({"col-0-note": "4"}, "“数量”和“备注”指到了同一列"),
            ({"table-0": ""}, "没有一张表要导入"),
        ],
    )
    def test_what_cannot_be_meant_is_said_and_nothing_changes(
        self, city: City, clerk: Client, more: dict[str, str], said: str
    ) -> None:
        sent = send(clerk, city["school"], odd())
        with nothing_changes():
            answer = mapped(clerk, sent, **more)
        assert answer.status_code == 200
        assert said in answer.content.decode()

    def test_a_file_that_cannot_be_read_has_nothing_to_point_out(self, city: City, clerk: Client) -> None:
        sent = send(clerk, city["school"], b"%PDF-1.4", name="表.pdf")
        assert reverse("import-columns", args=[sent.uid]) not in page(clerk, sent)
        assert clerk.get(reverse("import-columns", args=[sent.uid])).status_code == 409

    def test_not_once_it_is_in(self, city: City, clerk: Client) -> None:
        done = services.bring_in(take(city))
        assert clerk.get(reverse("import-columns", args=[done.uid])).status_code == 409
        with nothing_changes():
            assert mapped(clerk, done).status_code == 409

    @pytest.mark.parametrize("part", ["other_clerk", "recorder", "reader", "stranger"])
    def test_the_wrong_person_learns_nothing(self, city: City, part: str) -> None:
        sent = take(city, odd())
        client = city.client(part)
        with nothing_changes():
            assert mapped(client, sent).status_code == 404


class TestForgotten:
    def test_a_remembered_name_is_listed_and_forgotten(self, city: City, clerk: Client) -> None:
        mapped(clerk, send(clerk, city["school"], odd()))
        text = told(clerk.get(reverse("imports")).content.decode())
        assert "记住的列名" in text
        assert "多少 数量 成效登记" in text
        with one_event("column_name.forgotten") as written:
            for name in ColumnName.objects.filter(heading="多少"):
                assert clerk.post(reverse("forget-column", args=[name.pk])).status_code == 302
        assert (written.event.data, written.event.detail.text) == ({"noun": "outcome", "column": "amount"}, "多少")
        assert send(clerk, city["school"], odd()).state == ImportState.REFUSED

    def test_a_name_pointed_elsewhere_is_replaced(self, city: City, clerk: Client) -> None:
        sent = send(clerk, city["school"], odd())
        mapped(clerk, sent)
        mapped(clerk, sent, **{"col-0-type": "5", "col-0-note": "3"})
        assert dict(ColumnName.objects.filter(heading__in=["具体啥", "补充"]).values_list("heading", "column")) == {
            "具体啥": "note", "补充": "type",
        }  # fmt: skip

    @pytest.mark.parametrize("part", ["other_clerk", "recorder", "reader", "stranger"])
    def test_nobody_else_forgets_it(self, city: City, clerk: Client, part: str) -> None:
        mapped(clerk, send(clerk, city["school"], odd()))
        client, name = city.client(part), ColumnName.objects.earliest("pk")
        with nothing_changes():
            assert client.post(reverse("forget-column", args=[name.pk])).status_code == 404
        assert Event.objects.filter(verb="column_name.forgotten").count() == 0
