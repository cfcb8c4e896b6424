"""The PDF of a document: asked for, made in the background, its links kept, missing faces named."""

import io
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import reverse
from pypdf import PdfReader

from chuangwen.core import files
from chuangwen.reports import docx, jobs, pdf, queries, services
from chuangwen.reports.models import Report
from chuangwen.reports.services import talking
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.stage import Stage
from tests.reports.cast import carry, page, write

MADE = pdf.Pdf(b"%PDF-1.7", (("仿宋_GB2312", "Noto Serif CJK SC"),), ())


@pytest.fixture(scope="module")
def the_draft(stage: Stage) -> Report:
    stage(lambda city: OutcomeFactory.create(unit=city["c98"], amount=734, day=date(2026, 4, 2)))
    return stage(lambda city: write(city.viewer("clerk"), city["school"]))


@pytest.fixture
def draft(the_draft: Report, db: None) -> Report:
    return deepcopy(the_draft)


def standing(report: Report) -> Report:
    return Report.objects.select_related("document", "pdf", "unit").get(pk=report.pk)


def make(draft: Report) -> None:
    jobs.make_pdf.func(_context(), str(draft.uid))


def _context() -> Any:
    class Result:
        id = "job"

    class Context:
        task_result = Result

    return Context


def test_it_is_made_when_asked_for_and_names_the_faces_that_were_replaced(
    city: City, draft: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "to_pdf", lambda *_given, **_named: MADE)
    clerk = city.client("clerk")
    address = reverse("report-pdf", args=[draft.uid])
    assert "还没有做过 PDF" in page(clerk, address)
    assert clerk.get(reverse("report-pdf-file", args=[draft.uid])).status_code == 404
    assert clerk.post(address).status_code == 302
    make(draft)
    text = page(clerk, address)
    assert "仿宋_GB2312 → Noto Serif CJK SC" in text
    answer = clerk.get(reverse("report-pdf-file", args=[draft.uid]))
    assert b"".join(answer.streaming_content) == MADE.data  # type: ignore[attr-defined]
    assert answer["Content-Type"] == talking.PDF


def test_another_draft_needs_another_one(city: City, draft: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "to_pdf", lambda *_given, **_named: MADE)
    make(draft)
    OutcomeFactory.create(unit=city["c98"], amount=2, day=date(2026, 4, 3))
    services.refresh(city.viewer("clerk"), uid=draft.uid)
    assert queries.pdf_state(standing(draft)) == "none"
    assert city.client("clerk").get(reverse("report-pdf-file", args=[draft.uid])).status_code == 404


def test_one_that_is_there_is_not_made_again(city: City, draft: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bytes] = []

    def counted(document: bytes, **_named: object) -> pdf.Pdf:
        made.append(document)
        return MADE

    monkeypatch.setattr(pdf, "to_pdf", counted)
    make(draft)
    make(draft)
    assert len(made) == 1


def test_an_issued_one_is_made_without_being_asked_for(
    city: City, draft: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "to_pdf", lambda *_given, **_named: MADE)
    issued = standing(carry(city.viewer("head"), draft))
    assert issued.document is not None
    assert (queries.pdf_state(issued), issued.pdf_of) == ("ready", issued.document.sha256)


@pytest.mark.parametrize(
    ("failure", "said"), [(pdf.NoOffice(), "没有 LibreOffice"), (pdf.OfficeFailed("x"), "这次没有做成")]
)
def test_what_failed_is_said_with_what_to_do_instead(
    city: City, draft: Report, monkeypatch: pytest.MonkeyPatch, failure: Exception, said: str
) -> None:
    def fails(*_given: object, **_named: object) -> None:
        raise failure

    monkeypatch.setattr(pdf, "to_pdf", fails)
    make(draft)
    text = page(city.client("clerk"), reverse("report-pdf", args=[draft.uid]))
    assert said in text
    assert "WPS" in text


@pytest.mark.parametrize("part", ["other_clerk", "reader", "recorder", "stranger"])
def test_it_is_not_there_for_the_wrong_person(city: City, draft: Report, part: str) -> None:
    client = city.client(part)
    for name in ("report-pdf", "report-pdf-file"):
        assert client.get(reverse(name, args=[draft.uid])).status_code == 404
    assert client.post(reverse("report-pdf", args=[draft.uid])).status_code == 404


@pytest.mark.skipif(pdf.find_office() is None, reason="no LibreOffice")
def test_with_the_real_program_every_link_of_the_document_is_one_of_the_pdf(
    draft: Report, settings: LazySettings
) -> None:
    settings.OFFICE = None
    made = services.keep_pdf(standing(draft))
    kept = standing(made)
    assert kept.pdf is not None
    assert kept.document is not None
    pages = PdfReader(io.BytesIO(files.read(kept.pdf))).pages
    found = {annotation.get_object()["/A"]["/URI"] for sheet in pages for annotation in sheet.get("/Annots", []) or []}
    assert found == {link.url for link in docx.links(files.read(kept.document))}
