"""write_report --compare LAST.docx: which figures of an earlier document the records no longer bear out."""

import json
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from chuangwen.duties import services as duties
from chuangwen.duties.models import Outcome
from chuangwen.reports import docx
from tests.reports.cast import command, viewer

pytestmark = pytest.mark.usefixtures("demo")

PERIOD = ("--form", "primary-school", "--unit", "demo-primary", "--from", "2026-03-01", "--to", "2026-06-30")


@pytest.fixture
def last(tmp_path: Path) -> Path:
    out = tmp_path / "last.docx"
    assert command("write_report", *PERIOD, "--out", str(out))[0] == 0
    return out


def changed_row() -> tuple[Outcome, int]:
    """One row of the school's workbook, one more than it was."""
    row = Outcome.objects.filter(kind="facility_kept", source__isnull=False, unit__code="demo-primary-c98").earliest(
        "pk"
    )
    before = row.amount
    duties.correct_outcome(viewer("clerk"), uid=row.uid, amount=before + 1, reason="漏数一次")
    return row, before


def test_while_nothing_changed_it_says_so_and_exits_0(last: Path) -> None:
    assert command("write_report", *PERIOD, "--compare", str(last)) == (0, "every figure is what the records say\n")
    assert command("write_report", *PERIOD, "--compare", str(last), "--json") == (0, "[]\n")


def test_after_one_row_changed_it_names_the_figure_and_the_row_and_exits_1(last: Path) -> None:
    row, before = changed_row()
    code, said = command("write_report", *PERIOD, "--compare", str(last))
    assert code == 1
    assert "公共设施维护次数: 108 → 109" in said
    assert f"{row.day} c98 公共设施维护 {before + 1}" in said
    assert f"primary-school-outcomes.xlsx · 成效登记第{row.source_row}行" in said.replace(" ", "").replace("·", " · ")
    assert f"{before} → {before + 1}" in said
    assert "清理小广告次数" not in said


def test_as_json_it_gives_key_both_values_and_every_row(last: Path) -> None:
    row, before = changed_row()
    code, said = command("write_report", *PERIOD, "--compare", str(last), "--json")
    found = {each["key"]: each for each in json.loads(said)}
    facility = found["outcome.facility"]
    assert (code, facility["was"], facility["now"]) == (1, "108", "109")
    (told,) = facility["rows"]
    assert (told["uid"], told["kind"], told["before"], told["now"]) == (str(row.uid), "changed", before, before + 1)
    # What else stands on the row: the list of outstanding classes, and the month in which it lies if that is named.
    assert set(found) <= {
        "outcome.facility", "outcome.facility_top", "outcome.low_month", "outcome.low_month_sum",
        "outcome.high_month", "outcome.high_month_sum",
    }  # fmt: skip


def test_a_withdrawn_row_is_named_as_gone(last: Path) -> None:
    row = Outcome.objects.filter(kind="sticker_scrubbed", source__isnull=False).earliest("pk")
    duties.withdraw_outcome(viewer("clerk"), uid=row.uid, reason="x")
    _code, said = command("write_report", *PERIOD, "--compare", str(last), "--json")
    (told,) = next(each for each in json.loads(said) if each["key"] == "outcome.sticker")["rows"]
    assert (told["kind"], told["before"], told["now"]) == ("gone", row.amount, None)


def test_a_document_that_was_moved_to_another_host_is_compared_all_the_same(last: Path) -> None:
    assert command("retarget", str(last), "--to", "https://cw.example.gov.cn")[0] == 0
    assert {link.url.split("/f/")[0] for link in docx.links(last.read_bytes())} == {"https://cw.example.gov.cn"}
    changed_row()
    assert command("write_report", *PERIOD, "--compare", str(last))[0] == 1


def test_what_is_no_document_of_ours_is_said_to_be_none(tmp_path: Path) -> None:
    other = tmp_path / "other.docx"
    other.write_bytes(b"not a document")
    with pytest.raises(CommandError, match="not a Word document"):
        command("write_report", *PERIOD, "--compare", str(other))
    with pytest.raises(CommandError, match="not-docx"):
        command("retarget", str(other), "--to", "https://cw.example.gov.cn")
    assert other.read_bytes() == b"not a document"
    with pytest.raises(CommandError, match="no such file"):
        command("write_report", *PERIOD, "--compare", str(tmp_path / "nowhere.docx"))


@pytest.mark.parametrize("base", ["cw.example.gov.cn", "ftp://cw.example.gov.cn", "https://cw.example.gov.cn/below"])
def test_an_address_that_cannot_be_printed_leaves_the_document_as_it_is(last: Path, base: str) -> None:
    before = last.read_bytes()
    with pytest.raises(CommandError, match=r"write an address like https://cw\.example\.gov\.cn"):
        command("retarget", str(last), "--to", base)
    assert last.read_bytes() == before
